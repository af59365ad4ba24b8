-- When the person signed in, beside `auth_time`, which moves each time they show again who they are. The sessions there are have done so once.
ALTER TABLE "bff"."session" ADD COLUMN "signed_in_at" timestamptz(3);
--> statement-breakpoint
UPDATE "bff"."session" SET "signed_in_at" = "auth_time";
--> statement-breakpoint
ALTER TABLE "bff"."session" ALTER COLUMN "signed_in_at" SET NOT NULL;
--> statement-breakpoint
ALTER TABLE "bff"."session" DROP CONSTRAINT "session_check";
--> statement-breakpoint
ALTER TABLE "bff"."session" ADD CONSTRAINT "session_twelve_hours" CHECK ("absolute_expires_at" <= "signed_in_at" + interval '12 hours');
--> statement-breakpoint
ALTER TABLE "bff"."session" ADD CONSTRAINT "session_auth_time" CHECK ("auth_time" >= "signed_in_at");
