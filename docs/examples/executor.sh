# AUTOPACK_URL, AUTOPACK_EXECUTOR_KEY, DEMO_SHOP_URL and DEMO_SHOP_TOKEN are set; keys are sorted, no spaces: canonical JSON.
body='{"description":"Oak","price":{"amount_minor":4900,"currency":"EUR"},"quantity":1,"report_sha256":"'$(printf 'a%.0s' $(seq 64))'","tags":[],"title":"A stool"}'
payload='{"cost":{"amount_minor":20,"currency":"USD"},"files":[],"mode":"live","operation":"create_listing","provider":"demo_shop","request":{"body":'$body',"method":"POST","path":"/api/listings"},"target":{"shop":"demo-shop"},"v":1}'
ask() { curl -sS -H "X-API-Key: $AUTOPACK_EXECUTOR_KEY" -H 'Content-Type: application/json' "$@"; }
pick() { sed -n 's/.*"'"$1"'":"\{0,1\}\([^",}]*\).*/\1/p'; }
quoted=$(printf %s "$payload" | sed 's/["\\]/\\&/g')
hash=$(printf %s "$payload" | sha256sum | cut -d' ' -f1)

id=$(ask -H "Idempotency-Key: propose-$$" -d '{"payload":"'"$quoted"'"}' "$AUTOPACK_URL/external-actions" | pick action_id)
echo "decide at /approvals/$id"
while [ "$(ask "$AUTOPACK_URL/external-actions/$id?wait_seconds=25&after_version=1" | pick state)" = PENDING ]; do :; done
claim=$(ask -H "Idempotency-Key: claim-$$" -d '{"revision":1,"payload_hash":"'"$hash"'"}' "$AUTOPACK_URL/external-actions/$id/claim")
sent=$(curl -sS -H "Authorization: Bearer $DEMO_SHOP_TOKEN" -H "Idempotency-Key: $(echo "$claim" | pick execution_id)" \
  -H 'Content-Type: application/json' --data-binary "$body" "$DEMO_SHOP_URL/api/listings")
ask -d '{"fence":'"$(echo "$claim" | pick fence)"',"sent":"yes","outcome":"completed","sent_sha256":"'"$(printf %s "$body" | sha256sum | cut -d' ' -f1)"'","external_object_id":"'"$(echo "$sent" | pick listing_id)"'"}' \
  "$AUTOPACK_URL/external-actions/$id/finish" | pick state
