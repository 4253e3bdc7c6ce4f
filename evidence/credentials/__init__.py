"""Content Credentials (C2PA): what a signed statement in a file says, and how far it can be believed.

Pure, and never on the network: neither a manifest kept elsewhere nor a revocation list is asked for.
``python -m evidence.credentials`` reads; it alone loads the C2PA library, in a child process with limits.
"""

from .base import Action, CredentialsReading, CredentialsState, Failure, Ingredient, TimeBasis
from .presence import SUPPORTED_TYPES, VERSION, may_hold_credentials

__all__ = [
    "SUPPORTED_TYPES",
    "VERSION",
    "Action",
    "CredentialsReading",
    "CredentialsState",
    "Failure",
    "Ingredient",
    "TimeBasis",
    "may_hold_credentials",
]
