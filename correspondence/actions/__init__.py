"""One function per verb of the room."""

from concerns.actions.verb import Verbs

verb = Verbs()
