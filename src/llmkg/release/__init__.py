"""Make the release set of a pack: its graphs in four formats, with everything that goes with them."""

from llmkg.release.build import release

__all__ = ["release"]
