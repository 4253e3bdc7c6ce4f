"""Digests, the custody chain and manifests: a stranger can prove with them that nothing was changed."""
