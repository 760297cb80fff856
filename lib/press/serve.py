"""Show the built site in a browser: `python -m press.serve [--port 8000]`."""

import argparse
import errno
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Handler(SimpleHTTPRequestHandler):
    """Serves files as they are; JavaScript keeps its type whatever the system's table says, and nothing is cached."""

    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".js": "text/javascript", ".woff2": "font/woff2",
                      ".ipynb": "application/x-ipynb+json"}

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args) -> None:
        pass


def server(folder: Path, port: int) -> ThreadingHTTPServer:
    """A server of `folder` on 127.0.0.1; ValueError where the folder has no site or the port is taken."""
    if not (folder / "index.html").is_file():
        raise ValueError(f"There is no site in {folder} yet: run `make book` first.")
    try:
        return ThreadingHTTPServer(("127.0.0.1", port), partial(Handler, directory=str(folder)))
    except OSError as error:
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise ValueError(f"Port {port} cannot be used ({error.strerror.lower()}): choose another, for example "
                             f"`python -m press.serve --port {port + 1}`.") from None
        raise


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m press.serve", description="Show the built site.")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--folder", type=Path, default=Path("_build/html"))
    arguments = parser.parse_args()
    try:
        if not 0 <= arguments.port < 65536:
            raise ValueError(f"--port must be between 0 and 65535, got {arguments.port}")
        http = server(arguments.folder, arguments.port)
    except ValueError as error:
        sys.exit(str(error))
    print(f"The book is at http://127.0.0.1:{http.server_port}/   (stop with Ctrl+C)", flush=True)
    try:
        http.serve_forever()
    except KeyboardInterrupt:
        print()
    finally:
        http.server_close()


if __name__ == "__main__":
    main()
