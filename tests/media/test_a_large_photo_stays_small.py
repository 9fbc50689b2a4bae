"""36 megapixels go through every step within the gigabyte that a worker may take."""

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

pytestmark = [
    pytest.mark.slow,
    pytest.mark.usefixtures("home"),
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is read from Linux"),
]

_STEPS = """
import re, sys
from pathlib import Path
from consent.media import anatomy, covers, photo, probe
from consent.media.regions import Box, head_area
content = Path(sys.argv[1]).read_bytes()
picture = photo.sanitise(content)
assert picture.size == (5000, 7200)
heads = [covers.Cover(head_area(Box(x, 900, 400, 480), *picture.size), covers.CoverStyle.BLUR) for x in (200, 2000)]
painted = covers.cover(picture, heads)
like = photo.output_for(painted, probe.probe(content).format)
out = photo.encode(painted, release_id="0123456789", release_status=photo.ReleaseStatus.LIMITED, like=like)
finished = photo.sanitise(out)
assert all(covers.prove_covered(picture.size, finished, head) is None for head in heads)
assert not anatomy.inspect(out).foreign
print(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text()).group(1))
"""


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "RGB"), ("PNG", "RGBA")])
def test_a_photo_of_36_megapixels_takes_less_than_800_mebibytes(tmp_path: Path, kind: str, mode: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new(mode, (7200, 5000), "teal").save(tmp_path / "photo", kind, exif=exif, compress_level=1)
    command = [sys.executable, "-c", _STEPS, str(tmp_path / "photo")]
    told = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - lines of this file
    assert told.returncode == 0, told.stderr
    assert int(told.stdout) < 800 * 1024
