"""Credentials of the open standards, as values: read strictly, made, and refused with a reason.

`jws` signed tokens; `sdjwt` selective disclosure (RFC 9901); `statuslist` Token Status List;
`integrity` Data Integrity with eddsa-jcs-2022; `vcdm` the data model of W3C VC 2.0; `encodings`
spellings of bytes; `faults` why something is not believed. Keys, clock and chance are passed in.
"""
