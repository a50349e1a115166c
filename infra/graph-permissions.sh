#!/usr/bin/env bash
# Grants the auditor's identity its Microsoft Graph application permissions. May run as often as you like: what is there stays.
#
#   infra/graph-permissions.sh --principal OBJECT_ID [--what-if] [PERMISSION ...]
#
# Without a list: all that docs/permissions.md names. Each is optional; the page says which answers are lost without it.
# Needs: the Azure CLI, signed in as somebody who may grant application permissions (Privileged Role Administrator).
# Ends with 0: all are held (or would be, with --what-if); 1: some are not, and which; 2: called wrongly.
set -euo pipefail

all=(Application.Read.All User.Read.All Group.Read.All GroupMember.Read.All RoleManagement.Read.Directory)
principal='' what_if=0 wanted=()

fail() { printf '%s\n' "$*" >&2; exit 2; }

while (($# > 0)); do
  case "$1" in
    --principal) [[ $# -ge 2 ]] || fail '--principal needs an object id'; principal="$2"; shift 2 ;;
    --what-if) what_if=1; shift ;;
    -h | --help) sed -n '2,8p' "$0" | cut -c3-; exit 0 ;;
    -*) fail "unknown option $1" ;;
    *) wanted+=("$1"); shift ;;
  esac
done
[[ "$principal" =~ ^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$ ]] || fail '--principal needs the object id of the identity of the auditor, a GUID'
((${#wanted[@]} > 0)) || wanted=("${all[@]}")
for permission in "${wanted[@]}"; do
  [[ " ${all[*]} " == *" $permission "* ]] || fail "$permission is not a permission that the auditor uses; it uses: ${all[*]}"
done

# What az has to say about a refusal stands above our line.
ask() { az rest "$@" || { printf '%s\n' "$trouble" >&2; exit 1; }; }

graph="$(az cloud show --query endpoints.microsoftGraphResourceId --output tsv)"
graph="${graph%/}"
[[ -n "$graph" ]] || fail 'the Azure CLI knows no Microsoft Graph endpoint of this cloud'

# The service principal of Microsoft Graph has this application id in every tenant and cloud.
microsoft_graph="$graph/v1.0/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')"
trouble='Nothing was changed: the service principal of Microsoft Graph could not be read. Sign in with az login as somebody who may read applications.'
offered="$(ask --method get --url "$microsoft_graph?\$select=id,appRoles" \
  --query "[[['itself', id]], appRoles[?contains(allowedMemberTypes, 'Application')].[value, id]][]" --output tsv)"
id_of() { awk -v wanted="$1" -F '\t' '$1 == wanted { print $2; exit }' <<<"$offered"; }
resource_id="$(id_of itself)"
trouble="Nothing was changed: the permissions of $principal could not be read. Is it the object id of the identity (not its client id), in the tenant that az is signed in to?"
held="$(ask --method get --url "$graph/v1.0/servicePrincipals/$principal/appRoleAssignments?\$top=999" --query "value[?resourceId=='$resource_id'].appRoleId" --output tsv)"

failed=''
for permission in "${wanted[@]}"; do
  role_id="$(id_of "$permission")"
  if [[ -z "$role_id" ]]; then
    printf 'absent   %s (Microsoft Graph offers it not here)\n' "$permission"
    failed="$failed $permission"
  elif grep -qixF "$role_id" <<<"$held"; then
    printf 'held     %s\n' "$permission"
  elif ((what_if)); then
    printf 'missing  %s (would be granted)\n' "$permission"
  elif az rest --method post --url "$graph/v1.0/servicePrincipals/$principal/appRoleAssignments" --headers 'Content-Type=application/json' \
    --body "{\"principalId\":\"$principal\",\"resourceId\":\"$resource_id\",\"appRoleId\":\"$role_id\"}" --output none; then
    printf 'granted  %s\n' "$permission"
  else
    printf 'refused  %s (az says why, above)\n' "$permission"
    failed="$failed $permission"
  fi
done
if [[ -n "$failed" ]]; then
  printf 'Not granted:%s. What was granted stays; run this again as a Privileged Role Administrator. docs/permissions.md says what is lost meanwhile.\n' "$failed" >&2
  exit 1
fi
