"""PURE: what can be said of a protocol without a database: how it is begun, written down, compared and decided on."""
