"""The chart through Helm's own engine: what it renders is valid, and what it refuses is refused with these words."""

import json
import re
import sys
from pathlib import Path

import helm_python as helm
import yaml

CHART = Path(__file__).resolve().parents[2] / "deploy/chart"
SQLITE = yaml.safe_load((CHART / "ci/sqlite-values.yaml").read_text())
POSTGRES = yaml.safe_load((CHART / "ci/postgres-values.yaml").read_text())
NO_PRUNE = {"roster": {"accounts": {"acme": {"provider": "sandbox", "users": {}}}}}

# Values, and what Helm says of them.
REFUSALS = [
    ({**SQLITE, "replicas": 2}, "a state in SQLite is one replica's"),
    ({**POSTGRES, "replicas": 1}, "`replicas: 2` or more"),
    ({**POSTGRES, "state": {"kind": "postgres"}}, "needs `state.existingSecret.name`"),
    ({}, "give the roster once"),
    ({**SQLITE, "existingConfigMap": {"name": "x"}}, "give the roster once"),
    ({**SQLITE, "metrics": {"serviceMonitor": {"enabled": True}}}, "needs `http.token.name`"),
    ({**SQLITE, "extraArgs": ["--token=env:X"]}, "the token comes from a Secret"),
    (NO_PRUNE, "missing property 'prune'"),
    ({**SQLITE, "replicsa": 2}, "additional properties 'replicsa'"),
    ({**SQLITE, "interval": "often"}, "does not match pattern"),
    ({**SQLITE, "image": {"digest": "latest"}}, "does not match pattern"),
]

# The rules of the Pod Security Standard `restricted`, as far as this chart could break them.
RESTRICTED = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}


def render(chart: helm.Chart, values: dict) -> list[dict]:
    files = chart.render(values, name="acme", namespace="access")
    texts = [text for name, text in files.items() if name.endswith(".yaml")]
    return [document for text in texts for document in yaml.safe_load_all(text) if document]


def is_restricted(pod: dict) -> None:
    assert pod["automountServiceAccountToken"] is False and pod["enableServiceLinks"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True and pod["securityContext"]["runAsUser"] == 65532
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    volumes = {volume["name"] for volume in pod["volumes"]}
    for container in pod["containers"] + pod.get("initContainers", []):
        assert container["securityContext"] == RESTRICTED, container["name"]
        mounted = {mount["name"] for mount in container["volumeMounts"]}
        assert mounted <= volumes, f"{mounted - volumes} is mounted and not there"


def main(folder: str) -> None:
    passed = 0
    with helm.Chart.load(str(CHART)) as chart:
        for file in sorted((CHART / "ci").glob("*-values.yaml")):
            values = yaml.safe_load(file.read_text())
            chart.validate_schema(values)
            documents = render(chart, values)
            kinds = sorted(document["kind"] for document in documents)
            for document in documents:
                template = document["spec"].get("jobTemplate", {}).get("spec", document["spec"]) if "spec" in document else {}
                if "template" in template:
                    is_restricted(template["template"]["spec"])
            target = Path(folder) / f"{file.stem}.yaml"
            # What monitors are is known to clusters that have them.
            known = [document for document in documents if not document["apiVersion"].startswith("monitoring.")]
            target.write_text(yaml.safe_dump_all(known))
            roster = [document["data"]["roster.yaml"] for document in documents if "roster.yaml" in document.get("data", {})]
            if roster:
                (Path(folder) / f"{file.stem}.roster.yaml").write_text(roster[0])
            print(f"{file.stem}: {', '.join(kinds)}")
            passed += 1
        for values, words in REFUSALS:
            try:
                chart.validate_schema(values)
                render(chart, values)
            except helm.HelmError as error:
                said = re.sub(r"\s+", " ", str(error))
                assert words in said, f"{json.dumps(values)}: {said}"
                passed += 1
            else:
                raise AssertionError(f"this was not refused: {json.dumps(values)}")
    errors = [message for message in helm.lint(str(CHART), SQLITE)["messages"] if message["severity"] > 1]
    assert not errors, errors
    print(f"{passed} passed, 0 failed")


if __name__ == "__main__":
    main(sys.argv[1])
