CREATE SCHEMA IF NOT EXISTS "bff";
--> statement-breakpoint
CREATE TABLE "bff"."sign_in" (
  "operator_id" text PRIMARY KEY CHECK ("operator_id" ~ '^op_[0-9a-f-]{36}$'),
  "name" text NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
  "name_folded" text NOT NULL UNIQUE,
  "password_hash" text NOT NULL CHECK ("password_hash" LIKE '$argon2id$%'),
  "generated" boolean NOT NULL,
  "changed_at" timestamptz(3) NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bff"."session" (
  "sid_sha256" text PRIMARY KEY CHECK ("sid_sha256" ~ '^[0-9a-f]{64}$'),
  "operator_id" text NOT NULL REFERENCES "bff"."sign_in" ("operator_id"),
  "name" text NOT NULL,
  "role" text NOT NULL CHECK ("role" IN ('viewer', 'approver', 'admin')),
  "amr" text[] NOT NULL,
  "auth_time" timestamptz(3) NOT NULL,
  "last_activity_at" timestamptz(3) NOT NULL,
  "idle_seconds" integer NOT NULL CHECK ("idle_seconds" BETWEEN 60 AND 1800),
  "absolute_expires_at" timestamptz(3) NOT NULL CHECK ("absolute_expires_at" <= "auth_time" + interval '12 hours'),
  "revoked_at" timestamptz(3),
  "user_agent" text NOT NULL,
  "address" text NOT NULL
);
--> statement-breakpoint
CREATE INDEX "session_operator" ON "bff"."session" ("operator_id", "absolute_expires_at");
--> statement-breakpoint
CREATE TABLE "bff"."outbox" (
  "delivery_id" text PRIMARY KEY CHECK ("delivery_id" ~ '^[0-9a-f-]{36}$'),
  "event" jsonb NOT NULL,
  "created_at" timestamptz(3) NOT NULL,
  "delivered_at" timestamptz(3)
);
--> statement-breakpoint
CREATE INDEX "outbox_waiting" ON "bff"."outbox" ("delivered_at", "created_at");
--> statement-breakpoint
CREATE TABLE "bff"."throttle" (
  "key" text PRIMARY KEY,
  "points" integer NOT NULL,
  "expire" timestamptz(3)
);
