"""A file of somebody's: its lines as text, within limits of size, gzip or not.

UTF-8 with or without a byte order mark, lines ended by LF or CRLF. Anything else raises InputError in
one line with the place: another encoding, a NUL byte, a line or a file that is too long, a gzip file
that is cut off or unpacks to many times its size.
"""

from __future__ import annotations

import gzip
import io
import os
import stat
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from llmkg.errors import InputError, unreadable

__all__ = ["MOST_LINE", "MOST_TEXT", "InputFile"]

MOST_LINE = 64 * 1024 * 1024  # bytes of one line: a page of OpenAlex has 5 MB
MOST_TEXT = 128 * 1024 * 1024  # bytes of a file that is read as one text
_FREE = 16 * 1024 * 1024  # bytes that a gzip file may unpack to, however small it is
_MOST_RATIO = 100  # bytes for each byte of a gzip file above that; texts come to 5 to 30
_GZIP = b"\x1f\x8b"


class InputFile:
    """One file to import from; ``name`` is what messages call it."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Take a path as the user gave it; nothing is read."""
        self.path = Path(path)
        self.name = os.fspath(path).replace("\n", " ")

    def lines(self) -> Iterator[tuple[int, str]]:
        """Yield each line with its number from 1, without its end.

        Raises InputError where the file cannot be read on.
        """
        number = 0
        try:
            with self._opened() as file:
                while line := file.readline(MOST_LINE + 1):
                    number += 1
                    yield number, self._decoded(line, number)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise InputError(
                f"{self.name}:{number + 1}: the gzip file is broken or cut off here. Fetch it again."
            ) from error
        except OSError as error:
            raise unreadable(self.name, error) from error

    def text(self) -> str:
        """Return the whole file with LF line ends; raises InputError when it is too large for one text."""
        parts, size = [], 0
        for number, line in self.lines():
            size += len(line) + 1
            if size > MOST_TEXT:
                raise InputError(
                    f"{self.name}:{number}: the file is longer than {MOST_TEXT // 1024**2} MB. Import it in parts."
                )
            parts.append(line)
        return "\n".join([*parts, ""])

    def _opened(self) -> IO[bytes]:
        """Open the file for reading; only plain files, as a pipe or a device may never end."""
        if not stat.S_ISREG(os.stat(self.path).st_mode):
            raise InputError(f"{self.name}: is no plain file. Save what is to be imported to a file first.")
        file = self.path.open("rb")
        if file.peek(2)[:2] != _GZIP:
            return file
        limit = max(_FREE, _MOST_RATIO * os.stat(self.path).st_size)
        return io.BufferedReader(_Unpacked(file, limit, self.name), 1024 * 1024)

    def _decoded(self, line: bytes, number: int) -> str:
        if len(line) > MOST_LINE:
            raise InputError(
                f"{self.name}:{number}: the line is longer than {MOST_LINE // 1024**2} MB. Write one record on a line."
            )
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if b"\0" in line:
            raise InputError(f"{self.name}:{number}: holds a NUL byte and is no text. Give a text file in UTF-8.")
        try:
            return line.decode().rstrip("\r\n")
        except UnicodeDecodeError as error:
            byte = line[error.start]
            raise InputError(
                f"{self.name}:{number}: is not UTF-8 (byte 0x{byte:02x}). Save the file in UTF-8 and run it again."
            ) from error


class _Unpacked(io.RawIOBase):
    """What a gzip file unpacks to, up to a limit."""

    def __init__(self, file: IO[bytes], limit: int, name: str) -> None:
        self._file = file
        self._unpacked = gzip.GzipFile(fileobj=file)
        self._left = limit
        self._name = name

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # the stub wants any buffer
        """Read on; raises InputError past the limit."""
        data = self._unpacked.read(len(buffer))
        self._left -= len(data)
        if self._left < 0:
            raise InputError(
                f"{self._name}: unpacks to more than {_MOST_RATIO} times its size. Unpack it yourself if you trust it."
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the file too."""
        self._file.close()
        super().close()
