{{- /* What the daemon and the job have in common. */ -}}
{{- define "roster.environment" -}}
{{- if eq .Values.state.kind "postgres" }}
- name: ROSTER_STATE
  valueFrom:
    secretKeyRef: { name: {{ .Values.state.existingSecret.name | quote }}, key: {{ .Values.state.existingSecret.key | quote }} }
{{- end }}
{{- if include "roster.policies" . }}
- { name: ROSTER_POLICY, value: /etc/roster-policies }
{{- end }}
{{- if .Values.ca.existingConfigMap }}
- { name: SSL_CERT_FILE, value: /etc/roster-ca/ca.crt }
{{- end }}
{{- with .Values.proxy.https }}
- { name: HTTPS_PROXY, value: {{ . | quote }} }
{{- end }}
{{- with .Values.proxy.except }}
- { name: NO_PROXY, value: {{ . | quote }} }
{{- end }}
{{- with .Values.env }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "roster.environmentFrom" -}}
{{- range .Values.existingSecrets }}
- secretRef: { name: {{ . | quote }} }
{{- end }}
{{- with .Values.envFrom }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- /* The volume with the rules that plans are held to; nothing where there are none. */ -}}
{{- define "roster.policies" -}}
{{- with .Values.policies }}
{{- if .existingClaim }}
persistentVolumeClaim: { claimName: {{ .existingClaim | quote }}, readOnly: true }
{{- else if or .existingConfigMap .files }}
configMap: { name: {{ default (printf "%s-policies" (include "roster.fullname" $)) .existingConfigMap | quote }} }
{{- end }}
{{- end }}
{{- end -}}

{{- /* The port of a URL, or of an address of git as `git@host:path`. */ -}}
{{- define "roster.port" -}}
{{- if contains "://" . }}
{{- $url := urlParse . }}
{{- $named := regexFind ":[0-9]+$" $url.host | trimPrefix ":" }}
{{- default (get (dict "http" "80" "ssh" "22") $url.scheme | default "443") $named }}
{{- else -}}
22
{{- end }}
{{- end -}}

{{- /* Every port that is asked for what the values name: accounts, the proxy, the repository. */ -}}
{{- define "roster.ports" -}}
{{- $urls := compact (list "https://any" .Values.proxy.https .Values.git.url) }}
{{- range .Values.roster.accounts }}
{{- if kindIs "map" .provider }}
{{- with .provider.url }}{{ $urls = append $urls . }}{{ end }}
{{- end }}
{{- end }}
{{- $ports := list }}
{{- range $urls }}{{ $ports = append $ports (include "roster.port" . | trim | int) }}{{ end }}
{{- uniq $ports | toJson }}
{{- end -}}

{{- define "roster.volumes" -}}
- name: roster
{{- if .Values.git.url }}
  emptyDir: { sizeLimit: 256Mi }
{{- else }}
  configMap: { name: {{ default (include "roster.fullname" .) .Values.existingConfigMap.name | quote }} }
{{- end }}
- name: temporary
  emptyDir: { sizeLimit: 64Mi }
{{- with include "roster.policies" . | trim }}
- name: policies
{{ . | indent 2 }}
{{- end }}
{{- if .Values.ca.existingConfigMap }}
- name: authorities
  configMap:
    name: {{ .Values.ca.existingConfigMap | quote }}
    items: [{ key: {{ .Values.ca.key | quote }}, path: ca.crt }]
{{- end }}
{{- with .Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "roster.mounts" -}}
- { name: roster, mountPath: /roster, readOnly: true }
- { name: temporary, mountPath: /tmp }
{{- if include "roster.policies" . }}
- { name: policies, mountPath: /etc/roster-policies, readOnly: true }
{{- end }}
{{- if .Values.ca.existingConfigMap }}
- { name: authorities, mountPath: /etc/roster-ca, readOnly: true }
{{- end }}
{{- with .Values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- /* git-sync, which leads `current` to the newest commit: beside a daemon, or once before a job. */ -}}
{{- define "roster.gitSync" -}}
image: {{ .root.Values.git.sidecar | quote }}
args:
  - --repo={{ .root.Values.git.url }}
  - --ref={{ .root.Values.git.ref }}
  - --root=/roster
  - --link=current
  - --depth=1
{{- if .once }}
  - --one-time
{{- else }}
  - --period={{ .root.Values.git.period }}
{{- end }}
{{- with .root.Values.git.existingSecret }}
envFrom:
  - secretRef: { name: {{ . | quote }} }
{{- end }}
securityContext: {{- toYaml .root.Values.securityContext | nindent 2 }}
resources:
  requests: { cpu: 10m, memory: 32Mi }
  limits: { memory: 128Mi }
volumeMounts:
  - { name: roster, mountPath: /roster }
  - { name: temporary, mountPath: /tmp }
{{- end -}}

{{- define "roster.placement" -}}
serviceAccountName: {{ include "roster.serviceAccount" . }}
automountServiceAccountToken: false
# Kubernetes would add variables named ROSTER_… for a Service of that name.
enableServiceLinks: false
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
securityContext: {{- toYaml .Values.podSecurityContext | nindent 2 }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . | quote }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
