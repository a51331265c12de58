"""The doors: every way in or out. They translate and show; they know no rule."""
