"""The portal: find a service, apply, follow the case, keep the certificate, verify, rate."""
