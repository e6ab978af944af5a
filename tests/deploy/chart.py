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
    ({**SQLITE, "policies": {"files": {"a.rego": "x"}, "existingClaim": "x"}}, "give the policies once"),
    ({**SQLITE, "policies": {"files": {"rules.txt": "x"}}}, "does not match pattern"),
    ({**SQLITE, "extraArgs": ["--policy=/x"]}, "policies hold the job `plan`, too"),
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


def is_held_to_policies(pod: dict) -> None:
    """Rules that are mounted and not named hold nobody back."""
    [container] = [container for container in pod["containers"] if container["name"] == "roster"]
    [named] = [variable["value"] for variable in container["env"] if variable["name"] == "ROSTER_POLICY"]
    [mount] = [mount for mount in container["volumeMounts"] if mount["mountPath"] == named]
    assert mount == {"name": "policies", "mountPath": named, "readOnly": True}


def of_kind(documents: list[dict], kind: str) -> dict:
    [document] = [document for document in documents if document["kind"] == kind]
    return document


def what_is_reached(chart: helm.Chart) -> None:
    """Whatever the values name can be reached, and no pod with keys is left out of the policy of the network."""
    account = {**SQLITE["roster"]["accounts"]["acme"], "provider": {"kind": "scim", "url": "https://scim.example:8443/v2"}}
    roster = {"defaults": {"prune": "none"}, "accounts": {"acme": account}}
    proxy = {"https": "http://proxy.example:3128"}
    cases = [
        ({**SQLITE, "roster": roster, "proxy": proxy, "plan": {"enabled": True}}, [443, 3128, 8443]),
        ({**POSTGRES, "git": {"url": "git@git.example:access.git"}}, [443, 22]),
        ({**POSTGRES, "git": {"url": "ssh://git@git.example:2222/access.git"}}, [443, 2222]),
    ]
    for values, ports in cases:
        documents = render(chart, values)
        policy = of_kind(documents, "NetworkPolicy")["spec"]
        assert [port["port"] for port in policy["egress"][1]["ports"]] == ports, policy["egress"]
        [names] = [rule["values"] for rule in policy["podSelector"]["matchExpressions"]]
        labels = [of_kind(documents, "Deployment")["spec"]["template"]["metadata"]["labels"]]
        if "plan" in values:
            labels.append(of_kind(documents, "CronJob")["spec"]["jobTemplate"]["spec"]["template"]["metadata"]["labels"])
        for pod in labels:
            assert pod["app.kubernetes.io/name"] in names, pod
            assert policy["podSelector"]["matchLabels"].items() <= pod.items(), pod


def when_an_account_is_late(chart: helm.Chart) -> None:
    for interval, late in [("10m", 1800), ("2h", 21600), ("90 s", 1800)]:
        values = {**SQLITE, "interval": interval, "metrics": {"prometheusRule": {"enabled": True}}}
        rules = of_kind(render(chart, values), "PrometheusRule")["spec"]["groups"][0]["rules"]
        [rule] = [rule for rule in rules if rule["alert"] == "RosterAccountNotKept"]
        assert f"> {late})" in rule["expr"], rule["expr"]


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
                    is_held_to_policies(template["template"]["spec"])
            target = Path(folder) / f"{file.stem}.yaml"
            # What monitors are is known to clusters that have them.
            known = [document for document in documents if not document["apiVersion"].startswith("monitoring.")]
            target.write_text(yaml.safe_dump_all(known))
            roster = [document["data"]["roster.yaml"] for document in documents if "roster.yaml" in document.get("data", {})]
            if roster:
                (Path(folder) / f"{file.stem}.roster.yaml").write_text(roster[0])
            rules = {name: text for document in documents for name, text in document.get("data", {}).items() if name.endswith(".rego")}
            assert rules == values["policies"].get("files", {}), rules
            print(f"{file.stem}: {', '.join(kinds)}")
            passed += 1
        what_is_reached(chart)
        when_an_account_is_late(chart)
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
