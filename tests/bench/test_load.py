"""What wrk's report is read as."""

from bench.load import Figures, read

OUTPUT = """Running 3s test @ http://127.0.0.1:8000/v1/polls/region-interest
  2 threads and 64 connections
Requests/sec:   2006.66
JSON {"requests":6020,"seconds":3.0,"errors":20,"p50_ms":21.8,"p95_ms":39.0,"p99_ms":58.3}
"""


def test_only_the_right_answers_count_as_requests() -> None:
    assert read(OUTPUT) == Figures(
        requests=6000, errors=20, per_second=2000.0, p50_ms=21.8, p95_ms=39.0, p99_ms=58.3
    )
