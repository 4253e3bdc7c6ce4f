"""When, and where on earth, the sun casts a shadow like one that was measured: intervals, with errors."""

from geolocation.shadows.band import Band, possible_band
from geolocation.shadows.fitting import Fit, fits_between, fitting_days, misfits, within
from geolocation.shadows.measured import Shadow, shadow_of_sun

__all__ = [
    "Band",
    "Fit",
    "Shadow",
    "fits_between",
    "fitting_days",
    "misfits",
    "possible_band",
    "shadow_of_sun",
    "within",
]
