"""`lexframe export`: annotated documents as the files of other tools."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

from api.commands.annotate import find_files
from api.commands.refused import Refused
from api.commands.show import load
from corpora.exports.formats import UnknownFormat, find_format
from corpora.exports.item import Item, file_names
from corpora.filling import ENDINGS


def export_files(paths: Sequence[Path], output: Path, format_name: str) -> None:
    """Writes one file, or into a folder one per document; raises Refused. Documents are taken one by one."""
    try:
        chosen = find_format(format_name)
    except UnknownFormat as error:
        raise Refused(str(error)) from error
    files = list(_files(paths))
    if not files:
        raise Refused("there is no document under the given paths")
    try:
        if output.is_dir() or str(output).endswith("/"):
            output.mkdir(parents=True, exist_ok=True)
            for name, item in file_names(_items(files)):
                write_whole(output / f"{name}{chosen.suffix}", chosen.one(item))
        else:
            [*more] = files[1:]
            write_whole(output, chosen.many(_items(files)) if more else chosen.one(next(_items(files))))
    except OSError as error:
        raise Refused(f"{output} cannot be written: {error}") from error


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(one for one in path.rglob("*") if one.suffix.lower() in ENDINGS | {".json"} and one.is_file())
        else:
            yield from find_files([path])


def _items(files: Iterable[Path]) -> Iterator[Item]:
    for file in files:
        yield Item(name=file.stem, annotated=load(file))


def write_whole(target: Path, pieces: Iterable[bytes]) -> None:
    """All of the file or none of it; raises OSError."""
    with NamedTemporaryFile("wb", dir=target.absolute().parent, prefix=".", suffix=".part", delete=False) as file:
        beginning = Path(file.name)
        try:
            file.writelines(pieces)
            file.close()
            beginning.chmod(0o644)
            beginning.replace(target)
        finally:
            beginning.unlink(missing_ok=True)
