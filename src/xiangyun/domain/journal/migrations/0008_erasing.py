from django.db import migrations

# Personal details of an entry may go when their time is over, and nothing else of it: their salted
# digests take their place, so that its leaf still follows from what is left. Whoever puts other
# digests there is found by the audit, since the leaf no longer fits.
ERASING = """
CREATE FUNCTION xiangyun_journal_only_erases() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE gone CONSTANT text[] := ARRAY['salt', 'private', 'actor_name'];
BEGIN
    IF TG_OP = 'UPDATE'
        AND OLD.salt <> decode(repeat('00', 16), 'hex')
        AND NEW.salt = decode(repeat('00', 16), 'hex')
        AND NEW.actor_name = ''
        AND jsonb_typeof(NEW.private) = 'object'
        AND NOT EXISTS (
            SELECT FROM jsonb_each(NEW.private) AS each
            WHERE jsonb_typeof(each.value) <> 'string' OR each.value #>> '{}' !~ '^[0-9a-f]{64}$'
        )
        AND to_jsonb(NEW) - gone = to_jsonb(OLD) - gone
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '日志只能追加：% 上不允许 %。The journal is append-only: % on % is refused.',
        TG_TABLE_NAME, TG_OP, TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege', HINT = '请追加一条更正记录。Record a correcting entry instead.';
END $$;
DROP TRIGGER append_only ON journal_entry;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION xiangyun_journal_only_erases();
ALTER TABLE journal_entry ENABLE ALWAYS TRIGGER append_only;

CREATE FUNCTION xiangyun_journal_erase(erased bigint, digests jsonb) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF NOT public.xiangyun_is_system() THEN
        RAISE EXCEPTION '只有平台可以删除个人信息。The platform alone erases personal details.'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE public.journal_entry
    SET salt = decode(repeat('00', 16), 'hex'), private = digests, actor_name = ''
    WHERE id = erased AND salt <> decode(repeat('00', 16), 'hex');
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION xiangyun_journal_erase FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xiangyun_journal_erase TO xiangyun_runtime;
"""


class Migration(migrations.Migration):
    """Personal details of entries may be erased, and their digests stay."""

    dependencies = [("journal", "0007_cosignatures")]
    operations = [migrations.RunSQL(ERASING, migrations.RunSQL.noop)]
