"""What a resection found, as frozen values that can be stored and read again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from geolocation.coordinates.position import Position
from geolocation.coordinates.sentences import Sentence
from geolocation.resection.problem import RADIUS_95_SIGMAS, STATED_RADIUS_SIGMAS, JsonObject

# Raised when the same problem can give another answer.
VERSION = 1


class Status(StrEnum):
    """How much the landmarks say. Only `SOLVED` names one place with an ellipse to rely on."""

    SOLVED = "solved"
    WEAK = "weak"
    AMBIGUOUS = "ambiguous"
    NO_FIT = "no_fit"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Ellipse:
    """A 95 % confidence ellipse: semi-axes in metres, and the azimuth of the longer one in [0, 180)."""

    semi_major_m: float
    semi_minor_m: float
    orientation_deg: float


@dataclass(frozen=True, slots=True)
class CameraEstimate:
    """One camera that explains the landmarks. Sigmas are standard deviations; height None: not solved.

    `misfit` compares estimates of one problem: differences behave like chi-square.
    """

    position: Position
    heading_deg: float
    heading_sigma_deg: float
    field_of_view_deg: float
    field_of_view_sigma_deg: float
    pitch_deg: float
    roll_deg: float
    height_m: float | None
    ellipse: Ellipse
    misfit: float

    @property
    def uncertainty_m(self) -> float:
        """A radius as positions here have it (two times in three), never less than along the long axis."""
        return self.ellipse.semi_major_m * STATED_RADIUS_SIGMAS / RADIUS_95_SIGMAS


@dataclass(frozen=True, slots=True)
class LandmarkResidual:
    """Seen minus computed: `angle_deg` is positive when the feature appears further right than computed.

    `size_px` is the distance in the picture, `sigmas` the same in expected standard deviations.
    """

    label: str
    angle_deg: float
    size_px: float
    sigmas: float
    azimuth_deg: float
    distance_m: float
    outlier: bool


@dataclass(frozen=True, slots=True)
class Resection:
    """The answer. `camera` is None when there is none; `others` fit as well, best first.

    `outliers` are left out of the solution; one of the `suspects` is wrong. `redundancy` is the number of
    measurements beyond the unknowns. `error_scale` multiplies the stated errors; `scale_is_estimated` says
    that it was taken from the residuals.
    """

    version: int
    status: Status
    camera: CameraEstimate | None
    others: tuple[CameraEstimate, ...]
    residuals: tuple[LandmarkResidual, ...]
    outliers: tuple[str, ...]
    suspects: tuple[str, ...]
    redundancy: int
    condition_number: float | None
    error_scale: float
    scale_is_estimated: bool
    sentences: tuple[Sentence, ...]

    def to_json(self) -> JsonObject:
        """A JSON-safe object from which `from_json` makes an equal result."""
        said = [
            {"text": str(each), "template": each.template, "values": dict(each.values)}
            for each in self.sentences
        ]
        plain = {name: getattr(self, name) for name in _PLAIN}
        return {
            **plain,
            "status": self.status.value,
            "camera": None if self.camera is None else asdict(self.camera),
            "others": [asdict(each) for each in self.others],
            "residuals": [asdict(each) for each in self.residuals],
            "outliers": list(self.outliers),
            "suspects": list(self.suspects),
            "sentences": said,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Resection:
        """The result that `to_json` wrote. Raises KeyError, TypeError or ValueError for anything else."""
        return cls(
            **{name: data[name] for name in _PLAIN},
            status=Status(data["status"]),
            camera=None if data["camera"] is None else _camera(data["camera"]),
            others=tuple(_camera(each) for each in data["others"]),
            residuals=tuple(LandmarkResidual(**each) for each in data["residuals"]),
            outliers=tuple(data["outliers"]),
            suspects=tuple(data["suspects"]),
            sentences=tuple(Sentence(each["template"], each["values"]) for each in data["sentences"]),
        )


_PLAIN = ("version", "redundancy", "condition_number", "error_scale", "scale_is_estimated")


def _camera(data: Mapping[str, Any]) -> CameraEstimate:
    return CameraEstimate(
        **{**data, "position": Position(**data["position"]), "ellipse": Ellipse(**data["ellipse"])}
    )
