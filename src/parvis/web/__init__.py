"""The public face: pages rendered on the server, each with its JSON twin, enhanced in the browser when it
can.

`page` is the mechanism, `views/` hold one handler a page, `app.create_app` joins them. Nothing here runs the
engine on anything but a `Released`.
"""
