"""Where an applicant is reached about a case: the page to change it."""

from xiangyun.manifest import Addresses, Manifest

manifest = Manifest(addresses=(Addresses("contact/", "xiangyun.faces.contact.urls"),))
