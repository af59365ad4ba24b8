-- The profile of payload texts and their shape once more, in SQL alone: exactly what readPayload (approval-proof) accepts is accepted here.
-- How it is told without a parser of our own, and what it costs: docs/decisions/0018-payloads-are-checked-in-sql.md.

-- Text in which byte order is the order of UTF-16 code units: there, astral characters come before U+E000 to U+FFFF.
-- Not STRICT: only so is it inlined where it is called, which is for every key.
CREATE FUNCTION control_plane.to_utf16_order(key text) RETURNS text IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$
  SELECT CASE WHEN key ~ '[\ue000-\U0010ffff]'
    THEN regexp_replace(replace(key, U&'\+10FFFF', U&'\+10FFFF\0001'), '[\ue000-\uffff]', U&'\+10FFFF' || '\&', 'g') ELSE key END
$$;
--> statement-breakpoint

-- Length in UTF-16 code units, as JavaScript counts.
CREATE FUNCTION control_plane.utf16_length(value text) RETURNS integer IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql AS $$
  SELECT length(value) + length(regexp_replace(value, '[\u0001-\uffff]', '', 'g'))
$$;
--> statement-breakpoint

-- Whether the keys of every object stand in order, each once and none of them `__proto__`. For a text that is JSON already.
CREATE FUNCTION control_plane.has_canonical_keys(body json) RETURNS boolean IMMUTABLE STRICT PARALLEL SAFE LANGUAGE plpgsql AS $$
BEGIN
  RETURN NOT EXISTS (
    WITH RECURSIVE container AS (
      SELECT body AS value, json_typeof(body) AS kind WHERE json_typeof(body) IN ('object', 'array')
      UNION ALL
      SELECT child.value, json_typeof(child.value) FROM container, LATERAL (
        SELECT member.value FROM json_each(CASE kind WHEN 'object' THEN container.value END) AS member
        UNION ALL
        SELECT item.value FROM json_array_elements(CASE kind WHEN 'array' THEN container.value END) AS item
      ) AS child WHERE json_typeof(child.value) IN ('object', 'array')
    )
    SELECT FROM container WHERE kind = 'object' AND (
      SELECT bool_or(key = '__proto__' OR ordered <= before COLLATE "C") FROM (
        SELECT key, ordered, lag(ordered) OVER (ORDER BY place) AS before FROM (
          SELECT key, place, control_plane.to_utf16_order(key) AS ordered
          FROM json_object_keys(container.value) WITH ORDINALITY AS named (key, place)
        ) AS named
      ) AS followed
    )
  );
END $$;
--> statement-breakpoint

-- Null for a text that is its own canonical form (RFC 8785 under the payload profile), else what it breaks. Linear until the text is known
-- to be JSON of at most 32 levels: only then does a parser see it.
CREATE FUNCTION control_plane.canonical_refusal(source bytea) RETURNS text IMMUTABLE STRICT PARALLEL SAFE LANGUAGE plpgsql AS $$
DECLARE
  body text;
  outside text;
  reduced text;
  before text;
BEGIN
  BEGIN
    body := convert_from(source, 'UTF8');
  EXCEPTION WHEN character_not_in_repertoire THEN
    RETURN 'not_utf8';
  END;
  -- Every string is in the one form that RFC 8785 writes, and between strings stands nothing that JSON without white space cannot hold.
  IF body !~ '^(?:[][{}:,0-9aeflnrstu-]|"(?:[^"\\\u0001-\u001f]|\\["\\bfnrt]|\\u00(?:0[1-7be-f]|1[0-9a-f]))*")+$' THEN RETURN 'not_json_or_form'; END IF;
  outside := regexp_replace(body, '"(?:[^"\\]|\\.)*"', '"', 'g');
  IF outside ~ '-0' THEN RETURN 'negative_zero'; END IF;
  IF outside ~ '[0-9]{17}' OR EXISTS (
    SELECT FROM regexp_matches(outside, '[0-9]{16}', 'g') AS digits WHERE digits[1]::bigint > 9007199254740991)
  THEN RETURN 'number_out_of_range'; END IF;
  -- As many members and items as commas, and one more for every container that is not empty.
  IF length(regexp_replace(outside, '[^,]', '', 'g')) + length(regexp_replace(regexp_replace(outside, '\[\]|\{\}', '', 'g'), '[^[{]', '', 'g')) > 10000
  THEN RETURN 'too_many_members'; END IF;
  -- Each pass turns the innermost containers into values: after 32 only one value is left, or the text is no JSON, or too deep.
  reduced := regexp_replace(outside, 'true|false|null|-?(?:0|[1-9][0-9]*)', 'v', 'g');
  FOR level IN 1..32 LOOP
    before := reduced;
    reduced := regexp_replace(reduced, '\[(?:["v](?:,["v])*)?\]|\{(?:":["v](?:,":["v])*)?\}', 'v', 'g');
    EXIT WHEN reduced = before;
  END LOOP;
  IF reduced NOT IN ('v', '"') THEN RETURN 'not_json_or_too_deep'; END IF;
  IF NOT control_plane.has_canonical_keys(body::json) THEN RETURN 'key_order'; END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint

CREATE FUNCTION control_plane.has_members(value jsonb, VARIADIC names text[]) RETURNS boolean IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$
  SELECT CASE WHEN jsonb_typeof(value) = 'object' THEN value ?& names AND value - names = '{}' ELSE false END
$$;
--> statement-breakpoint

-- A path that every parser reads as the same place.
CREATE FUNCTION control_plane.is_safe_path(path jsonb) RETURNS boolean IMMUTABLE PARALLEL SAFE LANGUAGE plpgsql AS $$
DECLARE
  whole text := path #>> '{}';
  route text := split_part(whole, '?', 1);
BEGIN
  RETURN jsonb_typeof(path) = 'string' AND length(whole) <= 2048 AND whole ~ '^/(?!/)' AND whole ~ '^[A-Za-z0-9._~!$&''()*+,;=:@/?%-]+$'
    AND whole !~ '%(?![0-9A-Fa-f]{2})' AND route !~ '//' AND route !~* '%(2[ef5]|5c|[01][0-9a-f]|7f)' AND route !~ '(^|/)\.\.?(/|$)';
END $$;
--> statement-breakpoint

-- Null for bytes that readPayload accepts, else what they break. The words for people are the server's.
CREATE FUNCTION control_plane.payload_refusal(source bytea) RETURNS text IMMUTABLE STRICT PARALLEL SAFE LANGUAGE plpgsql AS $$
DECLARE
  refusal text;
  payload jsonb;
  cost jsonb;
  request jsonb;
  file jsonb;
BEGIN
  IF octet_length(source) > 262144 THEN RETURN 'too_large'; END IF;
  refusal := control_plane.canonical_refusal(source);
  IF refusal IS NOT NULL THEN RETURN refusal; END IF;
  payload := convert_from(source, 'UTF8')::jsonb;
  IF NOT control_plane.has_members(payload, 'v', 'provider', 'operation', 'target', 'mode', 'cost', 'request', 'files') THEN RETURN 'members'; END IF;
  IF payload -> 'v' <> '1' THEN RETURN 'v'; END IF;
  IF jsonb_typeof(payload -> 'provider') <> 'string' OR payload ->> 'provider' !~ '^[a-z][a-z0-9_]{0,63}$' THEN RETURN 'provider'; END IF;
  IF jsonb_typeof(payload -> 'operation') <> 'string' OR payload ->> 'operation' !~ '^[a-z][a-z0-9_]{0,63}$' THEN RETURN 'operation'; END IF;
  IF payload -> 'mode' NOT IN ('"live"', '"dry_run"') THEN RETURN 'mode'; END IF;
  IF jsonb_typeof(payload -> 'target') <> 'object' OR payload -> 'target' = '{}' THEN RETURN 'target'; END IF;
  IF EXISTS (
    SELECT FROM jsonb_each(payload -> 'target') AS named WHERE jsonb_typeof(named.value) <> 'number'
      AND (jsonb_typeof(named.value) <> 'string' OR control_plane.utf16_length(named.value #>> '{}') NOT BETWEEN 1 AND 500))
  THEN RETURN 'target'; END IF;
  cost := payload -> 'cost';
  IF cost <> 'null' THEN
    IF NOT control_plane.has_members(cost, 'amount_minor', 'currency') THEN RETURN 'cost'; END IF;
    IF jsonb_typeof(cost -> 'amount_minor') <> 'number' OR (cost ->> 'amount_minor') ~ '^-' THEN RETURN 'cost'; END IF;
    IF jsonb_typeof(cost -> 'currency') <> 'string' OR cost ->> 'currency' !~ '^[A-Z]{3}$' THEN RETURN 'cost'; END IF;
  END IF;
  request := payload -> 'request';
  IF NOT control_plane.has_members(request, 'method', 'path', 'body') THEN RETURN 'request'; END IF;
  IF request -> 'method' NOT IN ('"GET"', '"POST"', '"PUT"', '"PATCH"', '"DELETE"') THEN RETURN 'method'; END IF;
  IF request -> 'method' = '"GET"' AND request -> 'body' <> 'null' THEN RETURN 'body'; END IF;
  IF NOT control_plane.is_safe_path(request -> 'path') THEN RETURN 'unsafe_path'; END IF;
  IF jsonb_typeof(payload -> 'files') <> 'array' THEN RETURN 'files'; END IF;
  FOR file IN SELECT item.value FROM jsonb_array_elements(payload -> 'files') AS item LOOP
    IF NOT control_plane.has_members(file, 'name', 'sha256', 'size_bytes') THEN RETURN 'files'; END IF;
    IF jsonb_typeof(file -> 'name') <> 'string' OR control_plane.utf16_length(file ->> 'name') NOT BETWEEN 1 AND 255 THEN RETURN 'files'; END IF;
    IF jsonb_typeof(file -> 'sha256') <> 'string' OR file ->> 'sha256' !~ '^[0-9a-f]{64}$' THEN RETURN 'files'; END IF;
    IF jsonb_typeof(file -> 'size_bytes') <> 'number' OR (file ->> 'size_bytes') ~ '^-' THEN RETURN 'files'; END IF;
  END LOOP;
  IF (SELECT count(*) <> count(DISTINCT item.value ->> 'name' COLLATE "C") FROM jsonb_array_elements(payload -> 'files') AS item)
  THEN RETURN 'duplicate_file'; END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint

ALTER TABLE control_plane.action_revision ADD CONSTRAINT payload_is_accepted CHECK (control_plane.payload_refusal(payload) IS NULL);
