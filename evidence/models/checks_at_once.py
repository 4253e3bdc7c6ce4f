"""Models with many CHECK constraints, validated by one question to the database and not one for each."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.core.exceptions import FieldError
from django.db import models, router


class ChecksAtOnce(models.Model):
    """Asks whether all its CHECK constraints hold; only where they do not, one by one for the reasons.

    Django asks for each apart, inside a savepoint: three round trips a constraint, fifty for a revision.
    """

    _checks_hold = False

    class Meta:
        abstract = True

    def get_constraints(self) -> list[tuple[type[models.Model], Sequence[models.BaseConstraint]]]:
        given = super().get_constraints()
        if not self._checks_hold:
            return given
        return [
            (model, [each for each in constraints if not isinstance(each, models.CheckConstraint)])
            for model, constraints in given
        ]

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        self._checks_hold = self._hold_at_once(exclude)
        try:
            super().validate_constraints(exclude)
        finally:
            self._checks_hold = False

    def _hold_at_once(self, exclude: Collection[str] | None) -> bool:
        # What Django's own CheckConstraint.validate compares with.
        known = self._get_field_expression_map(  # type: ignore[attr-defined]  # not in the stubs
            meta=self._meta, exclude=exclude
        )
        conditions = [
            each.condition
            for each in self._meta.constraints
            # What names an excluded field is not validated, as in Django's own way.
            if isinstance(each, models.CheckConstraint)
            and models.Q(each.condition).referenced_base_fields <= known.keys()
        ]
        try:
            return models.Q(*conditions).check(known, using=router.db_for_write(type(self), instance=self))
        except FieldError:
            return False
