"""What takes place where and when: public registers as programmes, for everybody."""
