{{- /* What would go wrong later, or quietly, is refused here, with what to do. */ -}}
{{- define "roster.refusals" -}}
{{- $sources := 0 -}}
{{- if .Values.roster }}{{ $sources = add1 $sources }}{{ end -}}
{{- if .Values.existingConfigMap.name }}{{ $sources = add1 $sources }}{{ end -}}
{{- if .Values.git.url }}{{ $sources = add1 $sources }}{{ end -}}
{{- if ne (int $sources) 1 -}}
{{- fail "give the roster once: as `roster`, by `existingConfigMap.name`, or by `git.url`" -}}
{{- end -}}
{{- $policies := compact (list .Values.policies.existingConfigMap .Values.policies.existingClaim (ternary "files" "" (not (empty .Values.policies.files)))) -}}
{{- if gt (len $policies) 1 -}}
{{- fail "give the policies once: as `policies.files`, by `policies.existingConfigMap`, or by `policies.existingClaim`" -}}
{{- end -}}
{{- if and (eq .Values.state.kind "sqlite") (gt (int .Values.replicas) 1) -}}
{{- fail "a state in SQLite is one replica's: set `replicas: 1`, or `state.kind: postgres`" -}}
{{- end -}}
{{- if and (eq .Values.state.kind "postgres") (not .Values.state.existingSecret.name) -}}
{{- fail "`state.kind: postgres` needs `state.existingSecret.name`, a Secret with the URL of the database" -}}
{{- end -}}
{{- if and (eq .Values.state.kind "postgres") (lt (int .Values.replicas) 2) -}}
{{- fail "`state.kind: postgres` is for replicas that stand in for each other: set `replicas: 2` or more" -}}
{{- end -}}
{{- if and .Values.metrics.serviceMonitor.enabled (not .Values.http.token.name) -}}
{{- fail "metrics are shown to whoever has the token: `metrics.serviceMonitor` needs `http.token.name`" -}}
{{- end -}}
{{- range .Values.extraArgs -}}
{{- if hasPrefix "--token" . -}}
{{- fail "the token comes from a Secret: use `http.token`, not `extraArgs`" -}}
{{- end -}}
{{- if hasPrefix "--policy" . -}}
{{- fail "policies hold the job `plan`, too: use `policies`, not `extraArgs`" -}}
{{- end -}}
{{- end -}}
{{- end -}}
