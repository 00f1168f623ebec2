"""The look: one stylesheet, one frame and the partials that every face's pages are set with."""
