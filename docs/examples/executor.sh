# AUTOPACK_URL, AUTOPACK_EXECUTOR_KEY, DEMO_SHOP_URL and DEMO_SHOP_TOKEN are set; keys are sorted, no spaces: canonical JSON.
body='{"description":"Oak","price":{"amount_minor":4900,"currency":"EUR"},"quantity":1,"report_sha256":"'$(printf 'a%.0s' $(seq 64))'","tags":[],"title":"A stool"}'
payload='{"cost":{"amount_minor":20,"currency":"USD"},"files":[],"mode":"live","operation":"create_listing","provider":"demo_shop","request":{"body":'$body',"method":"POST","path":"/api/listings"},"target":{"shop":"demo-shop"},"v":1}'
ask() { curl -sS -H "X-API-Key: $AUTOPACK_EXECUTOR_KEY" -H 'Content-Type: application/json' "$@"; }
pick() { sed -n 's/.*"'"$1"'":"\{0,1\}\([^",}]*\).*/\1/p'; echo; }
sha256() { openssl dgst -sha256 -r | cut -d' ' -f1; }

proposed=$(ask -H "Idempotency-Key: propose-$$" -d '{"payload":"'"$(printf %s "$payload" | sed 's/["\\]/\\&/g')"'"}' "$AUTOPACK_URL/external-actions")
id=$(echo "$proposed" | pick action_id)
[ -n "$id" ] && echo "decide at /approvals/$id" || { echo "not proposed: $proposed"; exit 1; }
state=PENDING
while [ "$state" = PENDING ]; do state=$(ask "$AUTOPACK_URL/external-actions/$id?wait_seconds=25&after_version=1" | pick state) || sleep 5; done
[ "$state" = APPROVED ] || { echo "nothing was sent: $state"; exit 1; }
claim=$(ask -H "Idempotency-Key: claim-$$" -d '{"revision":1,"payload_hash":"'"$(printf %s "$payload" | sha256)"'"}' "$AUTOPACK_URL/external-actions/$id/claim")
execution=$(echo "$claim" | pick execution_id)
[ -n "$execution" ] || { echo "nothing was sent, the claim was refused: $claim"; exit 1; }
# Whatever goes wrong from here on may have reached the shop: that is `unknown`, and never tried again.
answer=$(curl -sS --fail-with-body -H "Authorization: Bearer $DEMO_SHOP_TOKEN" -H "Idempotency-Key: $execution" \
  -H 'Content-Type: application/json' --data-binary "$body" "$DEMO_SHOP_URL/api/listings") && outcome='"sent":"yes","outcome":"completed"' || outcome='"sent":"unknown","outcome":"unknown"'
ask -d '{"fence":'"$(echo "$claim" | pick fence)"','"$outcome"',"sent_sha256":"'"$(printf %s "$body" | sha256)"'","external_object_id":"'"$(echo "$answer" | pick listing_id)"'"}' \
  "$AUTOPACK_URL/external-actions/$id/finish" | pick state
