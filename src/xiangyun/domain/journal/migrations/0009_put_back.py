from django.db import migrations

# Personal details that an archive kept may come back, into the entry that they were erased from and
# nowhere else. Whether they are the ones: the platform compares their digests before, and the audit
# ever after, since the leaf follows from them.
PUT_BACK = """
CREATE OR REPLACE FUNCTION xiangyun_journal_only_erases() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    gone CONSTANT text[] := ARRAY['salt', 'private', 'actor_name'];
    erased CONSTANT bytea := decode(repeat('00', 16), 'hex');
BEGIN
    IF TG_OP = 'UPDATE'
        AND OLD.salt <> erased
        AND NEW.salt = erased
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
    IF TG_OP = 'UPDATE'
        AND OLD.salt = erased
        AND NEW.salt <> erased
        AND octet_length(NEW.salt) = 16
        AND jsonb_typeof(NEW.private) = 'object'
        AND to_jsonb(NEW) - gone = to_jsonb(OLD) - gone
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '日志只能追加：% 上不允许 %。The journal is append-only: % on % is refused.',
        TG_TABLE_NAME, TG_OP, TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege', HINT = '请追加一条更正记录。Record a correcting entry instead.';
END $$;

CREATE FUNCTION xiangyun_journal_put_back(entry bigint, kept bytea, name text, told jsonb)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF NOT public.xiangyun_is_system() THEN
        RAISE EXCEPTION '只有平台可以恢复个人信息。The platform alone puts personal details back.'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE public.journal_entry SET salt = kept, actor_name = name, private = told
    WHERE id = entry AND salt = decode(repeat('00', 16), 'hex');
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION xiangyun_journal_put_back FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xiangyun_journal_put_back TO xiangyun_runtime;
"""


class Migration(migrations.Migration):
    """Personal details of an archived case may come back with it."""

    dependencies = [("journal", "0008_erasing")]
    operations = [migrations.RunSQL(PUT_BACK, migrations.RunSQL.noop)]
