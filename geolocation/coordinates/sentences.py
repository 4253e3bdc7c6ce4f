"""Sentences that this package says, kept translatable without knowing Django.

A `Sentence` is its English text and remembers the template and values it was made of, so that a page can
show `gettext(sentence.template) % sentence.values`. `makemessages` finds the templates by `gettext_noop`.
"""

from collections.abc import Mapping


class Sentence(str):
    """English text that carries its `template` (the message id) and the `values` put into it."""

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, str]

    def __new__(cls, template: str, values: Mapping[str, str]) -> "Sentence":
        made = super().__new__(cls, template % values if values else template)
        made.template = template
        made.values = values
        return made

    def __reduce__(self) -> tuple[type["Sentence"], tuple[str, Mapping[str, str]]]:
        """Lets a sentence be copied and pickled with what it was made of."""
        return Sentence, (self.template, self.values)


def gettext_noop(template: str) -> str:
    """Mark a template for translation."""
    return template


def say(template: str, **values: object) -> Sentence:
    """A sentence from a template marked with `gettext_noop` and the values it names as `%(name)s`."""
    return Sentence(template, {name: str(value) for name, value in values.items()})
