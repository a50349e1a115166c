#!/usr/bin/env bash
# Grants the auditor's identity its Microsoft Graph application permissions. May run as often as you like: what is there stays.
#
#   infra/graph-permissions.sh --principal OBJECT_ID [--what-if] [PERMISSION ...]
#
# Without a list: all that docs/permissions.md names. Each is optional; the page says which answers are lost without it.
# Needs: the Azure CLI, signed in as somebody who may grant application permissions (Privileged Role Administrator).
set -euo pipefail

all=(Application.Read.All User.Read.All Group.Read.All GroupMember.Read.All RoleManagement.Read.Directory)
principal='' what_if=0 wanted=()

fail() { printf '%s\n' "$*" >&2; exit 2; }

while (($# > 0)); do
  case "$1" in
    --principal) [[ $# -ge 2 ]] || fail '--principal needs an object id'; principal="$2"; shift 2 ;;
    --what-if) what_if=1; shift ;;
    -h | --help) sed -n '2,7p' "$0" | cut -c3-; exit 0 ;;
    -*) fail "unknown option $1" ;;
    *) wanted+=("$1"); shift ;;
  esac
done
[[ "$principal" =~ ^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$ ]] || fail '--principal needs the object id of the identity of the auditor, a GUID'
((${#wanted[@]} > 0)) || wanted=("${all[@]}")
for permission in "${wanted[@]}"; do
  [[ " ${all[*]} " == *" $permission "* ]] || fail "$permission is not a permission that the auditor uses; it uses: ${all[*]}"
done

graph="$(az cloud show --query endpoints.microsoftGraphResourceId --output tsv)"
graph="${graph%/}"
[[ -n "$graph" ]] || fail 'the Azure CLI knows no Microsoft Graph endpoint of this cloud'

# The service principal of Microsoft Graph has this application id in every tenant and cloud.
resource="$(az rest --method get --url "$graph/v1.0/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')?\$select=id,appRoles" --output json)"
resource_id="$(printf '%s' "$resource" | python3 -c 'import json,sys; print(json.load(sys.stdin)["id"])')"
held="$(az rest --method get --url "$graph/v1.0/servicePrincipals/$principal/appRoleAssignments" --query 'value[].appRoleId' --output tsv)"

for permission in "${wanted[@]}"; do
  role_id="$(printf '%s' "$resource" | python3 -c '
import json, sys
wanted = sys.argv[1]
print(next((role["id"] for role in json.load(sys.stdin)["appRoles"] if role["value"] == wanted and "Application" in role["allowedMemberTypes"]), ""))' "$permission")"
  [[ -n "$role_id" ]] || fail "Microsoft Graph offers no application permission named $permission here"
  if grep -qiF "$role_id" <<<"$held"; then
    printf 'held     %s\n' "$permission"
  elif ((what_if)); then
    printf 'missing  %s (would be granted)\n' "$permission"
  else
    az rest --method post --url "$graph/v1.0/servicePrincipals/$principal/appRoleAssignments" --headers 'Content-Type=application/json' \
      --body "{\"principalId\":\"$principal\",\"resourceId\":\"$resource_id\",\"appRoleId\":\"$role_id\"}" --output none
    printf 'granted  %s\n' "$permission"
  fi
done
