"""`python -m playground`: the outside world on one port."""

import gc
import sys

from playground.app import server
from playground.settings import PlaygroundSettings


def main() -> None:
    settings = PlaygroundSettings.from_env()
    sys.stdout.write(
        f"Playground: chat page {settings.public_url}/  Bot API {settings.public_url}/bot{settings.token}/\n"
    )
    sys.stdout.flush()
    # What was imported stays for ever: the collector need not walk it on every round.
    gc.collect()
    gc.freeze()
    server(settings).run()


if __name__ == "__main__":
    main()
