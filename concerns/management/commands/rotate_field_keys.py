"""Encrypt every field anew with the first key of PORTAL_FIELD_KEYS, so that the older keys can be taken away."""

from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, models
from django.utils.translation import gettext as _

from concerns.models.encrypted import EncryptedBinaryField, UnreadableField, cipher, renew
from councils.rls import system_work

BATCH = 200


def encrypted_columns() -> list[tuple[type[models.Model], list[str]]]:
    """Every table, of whichever room, with the columns that are encrypted in it."""
    found = []
    for model in apps.get_models():
        columns = [field.column for field in model._meta.concrete_fields if isinstance(field, EncryptedBinaryField)]
        if columns:
            found.append((model, columns))
    return found


def _renewed(value: Any) -> Any:
    """A secret, or a list of them, encrypted anew; anything else as it is."""
    if isinstance(value, list):
        return [_renewed(one) for one in value]
    return renew(value.encode()).decode() if isinstance(value, str) else value


class Command(BaseCommand):
    """Reads every stored value with any of the keys and writes it with the first. Can be run again at any time."""

    help = "Encrypt stored fields anew with the first key of PORTAL_FIELD_KEYS."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=BATCH, help="rows in one transaction")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError when a value can't be read with the keys at hand; batches already written stay."""
        cipher()  # a key that can't be used stops here
        total = 0
        for model, columns in encrypted_columns():
            try:
                rows = self._rotate(model, columns, max(1, options["batch"]))
            except UnreadableField as error:
                raise CommandError(
                    _("A value in %(table)s can't be read with the keys in PORTAL_FIELD_KEYS. Put the key it was written with back into the list, then run this again.")
                    % {"table": model._meta.db_table}
                ) from error
            total += rows
            self.stdout.write(_("%(table)s: %(rows)d rows") % {"table": model._meta.db_table, "rows": rows})
        total += self._second_factors()
        self.stdout.write(self.style.SUCCESS(_("%(rows)d rows are encrypted with the first key. The other keys can be taken away.") % {"rows": total}))

    def _second_factors(self) -> int:
        """The secrets of people's second factors, which the same keys encrypt: without them nobody could sign in."""
        model, done = apps.get_model("mfa", "Authenticator"), 0
        with system_work():
            for row in model.objects.exclude(type="webauthn").select_for_update().order_by("pk"):  # a passkey is no secret: its public half
                try:
                    row.data = {name: _renewed(value) for name, value in row.data.items()}
                except UnreadableField as error:
                    raise CommandError(
                        _("A second factor can't be read with the keys in PORTAL_FIELD_KEYS. Put the key it was written with back into the list, then run this again.")
                    ) from error
                row.save(update_fields=["data"])
                done += 1
        self.stdout.write(_("%(table)s: %(rows)d rows") % {"table": model._meta.db_table, "rows": done})
        return done

    def _rotate(self, model: type[models.Model], columns: list[str], size: int) -> int:
        key = model._meta.pk.column
        names, done = ", ".join(map(connection.ops.quote_name, columns)), 0
        last: UUID | None = None
        while True:
            with system_work(), connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT {key}, {names} FROM {model._meta.db_table} WHERE %s::uuid IS NULL OR {key} > %s ORDER BY {key} LIMIT %s FOR UPDATE",  # noqa: S608 - names from the models
                    [last, last, size],
                )
                rows = cursor.fetchall()
                for row in rows:
                    self._write(cursor, model, columns, row)
            if not rows:
                return done
            done, last = done + len(rows), rows[-1][0]

    def _write(self, cursor: Any, model: type[models.Model], columns: list[str], row: tuple[Any, ...]) -> None:
        held = [(column, value) for column, value in zip(columns, row[1:], strict=True) if value is not None]
        if not held:
            return
        settings = ", ".join(f"{connection.ops.quote_name(column)} = %s" for column, _value in held)
        values = [renew(value) for _column, value in held]
        cursor.execute(f"UPDATE {model._meta.db_table} SET {settings} WHERE {model._meta.pk.column} = %s", [*values, row[0]])  # noqa: S608
