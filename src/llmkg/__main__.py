"""Let ``python -m llmkg`` be the command ``llmkg``."""

from llmkg.cli import run

if __name__ == "__main__":
    run()
