"""What is made of a video in the long queue: contact sheet, copy for browsers, its sound as a picture."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from evidence.models import MediaFile, ReadingState
from evidence.services.readers.base import Job, Lane, Outcome, Reader
from evidence.services.readers.pixels import derive


def _is_video(media_file: MediaFile) -> bool:
    return media_file.mime_type.startswith("video/")


def _long(media_file: MediaFile) -> Lane:
    return Lane.LONG


def _contact_sheet(job: Job) -> Outcome:
    return derive(job, "contact_sheet", sentence=_sheet_sentence)


def _sheet_sentence(report: dict[str, Any]) -> str:
    count, step_s = report["frames"], report["step_s"]
    if step_s is None:
        return ngettext("%(count)d frame.", "%(count)d frames.", count) % {"count": count}
    if step_s == 1.0:
        return _("One frame a second: %(count)d frames.") % {"count": count}
    return _("%(count)d frames, one every %(step).1f seconds.") % {"count": count, "step": step_s}


def _proxy(job: Job) -> Outcome:
    outcome = derive(job, "proxy", sentence=_proxy_sentence)
    if outcome.state != ReadingState.NOTHING_FOUND:
        return outcome
    return Outcome(state=ReadingState.DONE, sentence=outcome.sentence, columns=outcome.columns)


def _proxy_sentence(report: dict[str, Any]) -> str:
    """The child's sentence is English, as are those of the other programs that read files."""
    if report["unplayable_why"]:
        return _("%(why)s A viewing copy was made for them.") % {"why": report["unplayable_why"]}
    return _("Browsers play the original: it needs no viewing copy.")


def _waveform(job: Job) -> Outcome:
    return derive(job, "waveform")


CONTACT_SHEET = Reader(
    key="contact_sheet",
    version=1,
    label=gettext_lazy("Contact sheet"),
    read=_contact_sheet,
    is_wanted=_is_video,
    lane=_long,
    tells_progress=True,
)
WAVEFORM = Reader(
    key="waveform",
    version=1,
    label=gettext_lazy("Sound"),
    read=_waveform,
    is_wanted=_is_video,
    lane=_long,
    tells_progress=True,
)
PROXY = Reader(
    key="proxy",
    version=1,
    label=gettext_lazy("Copy for browsers"),
    read=_proxy,
    is_wanted=_is_video,
    lane=_long,
    tells_progress=True,
)
