"""Where a camera stood, from landmarks seen in its picture and found on the ground."""

from geolocation.resection.agreement import Agreement, agreement
from geolocation.resection.outcome import CameraEstimate, Ellipse, LandmarkResidual, Resection, Status
from geolocation.resection.problem import ResectionProblem, Sighting
from geolocation.resection.solve import resect

__all__ = [
    "Agreement",
    "CameraEstimate",
    "Ellipse",
    "LandmarkResidual",
    "Resection",
    "ResectionProblem",
    "Sighting",
    "Status",
    "agreement",
    "resect",
]
