"""Parquet, for pandas, polars, R and DuckDB: lists stay lists, numbers numbers. Written a group of rows at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from apps.public.exports.columns import TABLE, values_of
from apps.public.exports.rows import Row
from apps.public.exports.site import Site

_GROUP = 5_000  # rows that are in memory at a time, and that a reader can pass over at once


class _Taken:
    """A file that is given away as it is written: Parquet's end says where its groups are, so nobody goes back."""

    def __init__(self) -> None:
        self.closed, self._place, self._parts = False, 0, list[bytes]()

    def write(self, part: bytes) -> int:
        self._parts.append(bytes(part))
        self._place += len(part)
        return len(part)

    def tell(self) -> int:
        return self._place

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        self.closed = True

    def so_far(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


def as_parquet(rows: Iterable[Row], site: Site) -> Iterator[bytes]:
    """The same columns as the other tables have, each of its own type."""
    import pyarrow as pa  # weighs 60 megabytes of memory, which only those pay who take this along
    import pyarrow.parquet as pq

    types = {"text": pa.string(), "texts": pa.list_(pa.string()), "number": pa.int64(), "yes": pa.bool_()}
    schema = pa.schema(
        [pa.field(one.name, types[one.sort], metadata={"description": one.meaning}) for one in TABLE],
        metadata={"title": site.name, "source": site.root},
    )
    file, waiting = _Taken(), iter(rows)
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        while group := [tuple(values_of(row, site).values()) for row in islice(waiting, _GROUP)]:
            columns = map(pa.array, zip(*group, strict=True), schema.types)
            writer.write_table(pa.Table.from_arrays(list(columns), schema=schema))
            yield file.so_far()
    yield file.so_far()
