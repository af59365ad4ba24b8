# AUTOPACK_URL, AUTOPACK_EXECUTOR_KEY, DEMO_SHOP_URL and DEMO_SHOP_TOKEN are set; keys are sorted, no spaces: canonical JSON.
body='{"description":"Oak","price":{"amount_minor":4900,"currency":"EUR"},"quantity":1,"report_sha256":"'$(printf 'a%.0s' $(seq 64))'","tags":[],"title":"A stool"}'
payload='{"cost":{"amount_minor":20,"currency":"USD"},"files":[],"mode":"live","operation":"create_listing","provider":"demo_shop","request":{"body":'$body',"method":"POST","path":"/api/listings"},"target":{"shop":"demo-shop"},"v":1}'
ask() { curl -sS -H "X-API-Key: $AUTOPACK_EXECUTOR_KEY" -H 'Content-Type: application/json' "$@"; }
shop() { curl -sS --max-time 30 --fail-with-body -H "Authorization: Bearer $DEMO_SHOP_TOKEN" "$@"; }
pick() { grep -o '"'"$1"'":"\{0,1\}[^",}]*' | head -n 1 | sed 's/.*[:"]//'; }
text() { printf %s "$1" | sed 's/["\\]/\\&/g'; }
sha256() { openssl dgst -sha256 -r | cut -d' ' -f1; }

proposed=$(ask -H "Idempotency-Key: propose-$$" -d '{"payload":"'"$(text "$payload")"'"}' "$AUTOPACK_URL/external-actions")
id=$(echo "$proposed" | pick action_id)
[ -n "$id" ] && echo "decide at /approvals/$id" || { echo "not proposed: $proposed"; exit 1; }
seen=$proposed
while [ "$(echo "$seen" | pick state)" = PENDING ] && echo "$seen" | grep -q '"change_request":null'; do
  seen=$(ask "$AUTOPACK_URL/external-actions/$id?wait_seconds=25&after_version=$(echo "$seen" | pick version)") || sleep 5
done
[ "$(echo "$seen" | pick state)" = APPROVED ] || { echo "nothing was sent: $seen"; exit 1; }
claim=$(ask -H "Idempotency-Key: claim-$$" -d '{"revision":1,"payload_hash":"'"$(printf %s "$payload" | sha256)"'"}' "$AUTOPACK_URL/external-actions/$id/claim")
execution=$(echo "$claim" | pick execution_id) fence=$(echo "$claim" | pick fence)
[ -n "$execution" ] || { echo "nothing was sent, the claim was refused: $claim"; exit 1; }
# The last look: nothing leaves under a brake, nor without the lease.
{ ask "$AUTOPACK_URL/control" | grep -q '"brake_engaged":false.*"brakes":\[\]' \
  && ask -d '{"fence":'"$fence"'}' "$AUTOPACK_URL/external-actions/$id/heartbeat" | grep -q '"lease_until"'; } || {
  ask -d '{"fence":'"$fence"',"sent":"no","outcome":"failed","error_code":"last_look"}' "$AUTOPACK_URL/external-actions/$id/finish" | pick state
  exit 1
}
# Whatever goes wrong from here on may have reached the shop: that is `unknown`, and never tried again.
answer=$(shop -H "Idempotency-Key: $execution" -H 'Content-Type: application/json' --data-binary "$body" "$DEMO_SHOP_URL/api/listings") \
  && outcome='"sent":"yes","outcome":"completed"' || outcome='"sent":"unknown","outcome":"unknown"'
listing=$(echo "$answer" | pick listing_id)
ask -d '{"fence":'"$fence"','"$outcome"',"sent_sha256":"'"$(printf %s "$body" | sha256)"'","external_object_id":"'"$listing"'"}' "$AUTOPACK_URL/external-actions/$id/finish" | pick state
observed=$(shop "$DEMO_SHOP_URL/api/listings/$listing") && observed='"'$(text "$observed")'"' || observed=null
ask -d '{"fence":'"$fence"',"observed":'"$observed"'}' "$AUTOPACK_URL/external-actions/$id/observations" | grep -o 'verified\|drifted\|cannot_verify'
