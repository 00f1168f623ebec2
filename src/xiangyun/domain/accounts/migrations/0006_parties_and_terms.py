from django.db import migrations, models

# Each account is a party with the account's own id, so that whatever names an account as its owner
# names that party. An account of before, and one that the code of before opens, gets its party by
# the trigger. A party that was known by its code before it had an account is joined with it.
# An official's number is his private one: by it, no office finds him.
PARTIES = """
CREATE FUNCTION xiangyun_party_of_account() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    what text := CASE NEW.kind WHEN 'company' THEN 'organisation' ELSE 'person' END;
    number text := CASE NEW.kind WHEN 'official' THEN '' ELSE upper(NEW.id_number) END;
    before uuid;
BEGIN
    INSERT INTO parties_party (id, kind, code, name, division, department, fictitious)
    VALUES (NEW.id, what, '', NEW.name, NEW.division_id, 0, NEW.fictitious)
    ON CONFLICT (id) DO NOTHING;
    IF number <> '' THEN
        SELECT id INTO before FROM parties_party
        WHERE kind = what AND code = number AND merged_into_id IS NULL AND id <> NEW.id;
        IF before IS NOT NULL THEN
            PERFORM xiangyun_merge_party(before, NEW.id);
        END IF;
        UPDATE parties_party SET code = number WHERE id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
INSERT INTO parties_party (id, kind, code, name, division, department, fictitious)
SELECT id, CASE kind WHEN 'company' THEN 'organisation' ELSE 'person' END,
    CASE kind WHEN 'official' THEN '' ELSE upper(id_number) END, name, division_id, 0, fictitious
FROM accounts_account;
CREATE TRIGGER party_of_account AFTER INSERT ON accounts_account
    FOR EACH ROW EXECUTE FUNCTION xiangyun_party_of_account();
"""
# A mandate outside of its dates gives nothing: as the program counts, by the day of the office.
TERMS = """
CREATE FUNCTION xiangyun_in_term(from_on date, to_on date) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date
        BETWEEN COALESCE(from_on, '-infinity') AND COALESCE(to_on, 'infinity')
$$;
CREATE OR REPLACE FUNCTION xiangyun_publishes() RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN xiangyun_is_system() OR EXISTS (
        SELECT FROM accounts_mandate m
        WHERE m.role = 'publisher' AND xiangyun_is_person(m.account_id)
            AND xiangyun_in_term(m.from_on, m.to_on)
    );
END $$;
"""
# All settings of one transaction are told at once; those of before by the code of before.
ACT_AS = """
CREATE FUNCTION xiangyun_act_as(told text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('xiangyun.scope', told[1], true),
        set_config('xiangyun.person', told[2], true),
        set_config('xiangyun.presented', told[3], true),
        set_config('xiangyun.subject', told[4], true),
        set_config('xiangyun.about', told[5], true),
        set_config('xiangyun.matters', told[6], true),
        set_config('xiangyun.across', told[7], true);
END $$;
"""


class Migration(migrations.Migration):
    """Each account is a party, and a mandate has a first and a last day."""

    dependencies = [("accounts", "0005_sessions"), ("parties", "0001_initial")]
    operations = [
        migrations.RunSQL(PARTIES, migrations.RunSQL.noop),
        migrations.AddField("mandate", "from_on", models.DateField(null=True)),
        migrations.AddField(
            "mandate",
            "to_on",
            models.DateField(help_text="The last day; none: until further notice", null=True),
        ),
        migrations.AddConstraint(
            "mandate",
            models.CheckConstraint(
                condition=models.Q(("from_on", None))
                | models.Q(("to_on", None))
                | models.Q(("from_on__lte", models.F("to_on"))),
                name="mandate_ends_after_it_begins",
            ),
        ),
        migrations.RunSQL(TERMS, migrations.RunSQL.noop),
        migrations.RunSQL(ACT_AS, "DROP FUNCTION xiangyun_act_as(text[])"),
    ]
