import django.db.models.deletion
from django.db import migrations, models

# Whoever may read a certificate may read its entries, and draw one for a copy of it: the policies
# of the certificate decide, since the subquery stands under them. Short codes and the pair of
# holder's code and number lead to the identifier, which is then presented like one on paper.
POLICIES = """
ALTER TABLE certificates_statusentry ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON certificates_statusentry FOR SELECT TO xiangyun_runtime USING (
    EXISTS (SELECT 1 FROM certificates_certificate c WHERE c.identifier = certificate_id));
CREATE POLICY drawn ON certificates_statusentry FOR INSERT TO xiangyun_runtime WITH CHECK (
    EXISTS (SELECT 1 FROM certificates_certificate c WHERE c.identifier = certificate_id));
-- A copy is withdrawn by its holder; a certificate's own place never is.
CREATE POLICY ended ON certificates_statusentry FOR UPDATE TO xiangyun_runtime USING (
    kind <> 'certificate' AND EXISTS (SELECT 1 FROM certificates_certificate c
        WHERE c.identifier = certificate_id AND xiangyun_is_subject(c.owner, c.matter)));

CREATE FUNCTION xiangyun_certificate_of_code(typed text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT certificate_id FROM certificates_statusentry WHERE short_code = typed AND ended_at IS NULL
$$;
CREATE FUNCTION xiangyun_certificate_of_holder(code text, known_by text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT identifier FROM certificates_certificate
    WHERE number = known_by AND holder_code = code
    ORDER BY status = 'valid' DESC, issued_on DESC, identifier DESC LIMIT 1
$$;
REVOKE EXECUTE ON FUNCTION xiangyun_certificate_of_code, xiangyun_certificate_of_holder FROM PUBLIC;
GRANT EXECUTE ON FUNCTION xiangyun_certificate_of_code, xiangyun_certificate_of_holder
    TO xiangyun_runtime;
"""
BACK = """
DROP FUNCTION xiangyun_certificate_of_code;
DROP FUNCTION xiangyun_certificate_of_holder;
"""


class Migration(migrations.Migration):
    """Places in status lists, the lists as they were signed, and codes that people can type."""

    dependencies = [("certificates", "0003_following")]
    operations = [
        migrations.CreateModel(
            name="StatusEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("list", models.IntegerField(help_text="The number of the status list")),
                ("index", models.IntegerField(help_text="Drawn, from 0")),
                ("kind", models.TextField(help_text="certificate, wallet or copy")),
                ("short_code", models.TextField(null=True, unique=True)),
                ("purpose", models.TextField(blank=True, default="")),
                ("until", models.DateField(null=True)),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("certificate", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="certificates.certificate")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("list", "index"), name="one_entry_an_index")],
            },
        ),
        migrations.CreateModel(
            name="PublishedList",
            fields=[
                ("number", models.IntegerField(primary_key=True, serialize=False)),
                ("token", models.TextField()),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.RunSQL(POLICIES, BACK),
    ]
