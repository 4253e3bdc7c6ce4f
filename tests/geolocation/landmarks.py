"""Four landmarks seen by a known camera, as somebody would state them."""

from geolocation.coordinates.position import Position
from geolocation.geodesy import direct
from geolocation.resection.synthetic import TrueCamera, project
from geolocation.services.landmarks import LandmarkGiven, Landmarks

CAMERA = TrueCamera(
    position=Position(39.8, 46.75),
    height_m=0.0,
    heading_deg=75.0,
    field_of_view_deg=62.0,
    pitch_deg=0.0,
    roll_deg=0.0,
    width_px=1600,
    height_px=900,
)
# Name, degrees off the axis, metres away.
LAYOUT = (("Mast", -25, 120), ("Chapel", -6, 620), ("Silo", 8, 260), ("Gate", 24, 400))


def four_landmarks(**changes) -> Landmarks:
    given = []
    for label, off_deg, away_m in LAYOUT:
        position = direct(CAMERA.position, CAMERA.heading_deg + off_deg, away_m)
        x, y = project(CAMERA, position, 0.0)
        given.append(LandmarkGiven(label=label, x_px=x, y_px=y, position=position, uncertainty_m=2.0))
    values = {
        "given": tuple(given),
        "width_px": CAMERA.width_px,
        "height_px": CAMERA.height_px,
        "lens_field_of_view_deg": CAMERA.field_of_view_deg,
        **changes,
    }
    return Landmarks(**values)
