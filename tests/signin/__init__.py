"""Signing in: directory, passkeys, second factor, sessions, language."""
