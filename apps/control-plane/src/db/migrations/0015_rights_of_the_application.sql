-- The application adds events, and may not move the end of the chain itself: that is done with the rights of whoever owns the function. Its
-- search path is fixed, or the caller's would decide what its names mean; and nobody else may put it behind a table of their own.
ALTER FUNCTION control_plane.advance_audit_head() SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
--> statement-breakpoint
REVOKE ALL ON FUNCTION control_plane.advance_audit_head() FROM PUBLIC;
