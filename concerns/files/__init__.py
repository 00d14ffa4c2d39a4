"""What a file is, whether it's accepted, what a copy of it leaves out, and what the virus scanner says. Bytes in, bytes out.

One module for each kind of file; ``sniffing`` is the door. Nothing here opens a file as a program would: no macro is
run, no script is interpreted, no address is fetched, and every size is limited before anything is unpacked.
"""
