"""Credentials as the page shows them: words for codes, and the signer's word apart from ours."""

from __future__ import annotations

from evidence.credentials import CredentialsReading, CredentialsState, Failure
from evidence.credentials.base import Action, Ingredient
from evidence.credentials.manifest import leaves_out_parts
from evidence.models import MetadataReading, ReadingState
from evidence.views.credentials import credentials_shown
from evidence.views.credentials_words import FAILURES, SOURCE_TYPES, STATES, SYNTHETIC


def _shown(**values):
    found = CredentialsReading(**{"state": CredentialsState.VALID, **values})
    return credentials_shown(MetadataReading(state=ReadingState.DONE, fields=found.to_json()))


def test_every_state_has_a_chip_and_no_state_but_trusted_looks_passed() -> None:
    assert set(STATES) == set(CredentialsState)
    assert [state for state, (chip, _) in STATES.items() if chip == "passed"] == ["trusted"]


def test_codes_become_words_and_stay_visible() -> None:
    shown = _shown(
        state=CredentialsState.INVALID,
        failures=(
            Failure("assertion.dataHash.mismatch", "asset hash error"),
            Failure("new.code", "odd", True),
        ),
    )
    known, new = shown.failures
    assert "changed after it was signed" in known.words
    assert (known.code, new.code) == ("assertion.dataHash.mismatch", "new.code")
    assert new.words
    assert new.is_ingredient


def test_a_generative_model_is_named_and_a_camera_is_not_an_alarm() -> None:
    assert SOURCE_TYPES.keys() >= SYNTHETIC
    assert _shown(source_types=("trainedAlgorithmicMedia",)).is_synthetic
    assert not _shown(source_types=("digitalCapture", "something-new")).is_synthetic
    assert _shown(source_types=("something-new",)).sources == ("something-new",)


def test_steps_and_sources_keep_their_order_and_their_own_names() -> None:
    shown = _shown(
        actions=(
            Action("c2pa.created", None, None, "digitalCapture", None),
            Action("org.example.blur", "2024-01-01", "Editor", None, "faces"),
        ),
        ingredients=(Ingredient(None, "parentOf", "image/jpeg", False, None),),
    )
    assert [step.words for step in shown.steps] == ["made", "org.example.blur"]
    assert shown.steps[0].source == "captured by a digital camera"
    assert shown.ingredients[0].title == "image/jpeg"


def test_a_time_that_is_no_time_is_left_unsaid() -> None:
    assert _shown(signed_at="2024-13-45T00:00:00Z").signed_at is None
    assert _shown(signed_at="2024-01-01T00:00:00").signed_at is None  # without an offset it is no moment


def test_a_file_without_credentials_shows_no_section() -> None:
    assert _shown(state=CredentialsState.NONE) is None
    assert credentials_shown(None) is None
    assert all(str(words) for words in FAILURES.values())


def test_parts_that_the_signer_left_out_are_told_from_the_readers_codes() -> None:
    code = {"code": "assertion.dataHash.additionalExclusionsPresent", "explanation": "extra"}
    assert leaves_out_parts({"activeManifest": {"informational": [code], "failure": []}})
    assert not leaves_out_parts(
        {"activeManifest": {"informational": [{"code": "signingCredential.ocsp.skipped"}]}}
    )
    assert not leaves_out_parts({"activeManifest": "odd"})
