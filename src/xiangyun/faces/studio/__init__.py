"""The studio (编制室): authors write packs in the browser, with findings beside the line."""
