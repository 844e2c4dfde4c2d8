"""The system calls that people's code has no use for, and the program that has the kernel refuse them (seccomp(2)).

Nobody starts a process, opens a socket, signals or looks into another, raises a
limit, or changes what the file system says of a file.
"""

from __future__ import annotations

import sys

#: By name, their numbers on x86-64 and aarch64; None: there is none. From Linux' own tables
#: (arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h).
REFUSED: dict[str, tuple[int | None, int | None]] = {
    "fork": (57, None),
    "vfork": (58, None),
    "clone": (56, 220),
    "clone3": (435, 435),
    "execve": (59, 221),
    "execveat": (322, 281),
    "socket": (41, 198),
    "socketpair": (53, 199),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "kill": (62, 129),
    "tkill": (200, 130),
    "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "setrlimit": (160, 164),
    "prlimit64": (302, 261),
    "setpriority": (141, 140),
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "fchown": (93, 55),
    "lchown": (94, None),
    "fchownat": (260, 54),
    "utime": (132, None),
    "utimes": (235, None),
    "utimensat": (280, 88),
    "futimesat": (261, None),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "open_by_handle_at": (304, 265),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "semget": (64, 190),
    "msgget": (68, 186),
    "mq_open": (240, 180),
    "memfd_create": (319, 279),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "move_mount": (429, 429),
    "open_tree": (428, 428),
    "fsopen": (430, 430),
    "mount_setattr": (442, 442),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "adjtimex": (159, 171),
    "clock_adjtime": (305, 266),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "syslog": (103, 116),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "iopl": (172, None),
    "ioperm": (173, None),
    "sched_setaffinity": (203, 122),
    "sched_setscheduler": (144, 119),
    "sched_setparam": (142, 118),
    "sched_setattr": (314, 274),
    "ioprio_set": (251, 30),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "move_pages": (279, 239),
    "migrate_pages": (256, 238),
    "kcmp": (312, 272),
    "fanotify_init": (300, 262),
}
#: A call that is needed, and what it may not be asked: to have the kernel signal another process (F_SETOWN, F_SETSIG,
#: F_SETOWN_EX, fcntl(2)).
_FCNTL = (72, 25)
_SIGNALLING = (8, 10, 15)

#: By `os.uname().machine`: what seccomp calls it, and the column above.
_MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}

# Instructions of classic BPF (linux/filter.h) over `struct seccomp_data`, and what such a program may give.
_LOAD, _EQUAL, _AT_LEAST, _GIVE = 0x20, 0x15, 0x35, 0x06
_NUMBER, _MACHINE, _SECOND_ARGUMENT = 0, 4, 24
_ALLOW, _REFUSE_WITH_EPERM, _KILL = 0x7FFF0000, 0x00050001, 0x80000000


def refusing(machine: str) -> bytes:
    """The program that refuses the calls, for this kind of machine. Raises OSError for one that is not known."""
    if machine not in _MACHINES:
        raise OSError(f"no table of calls for {machine}")
    name, column = _MACHINES[machine]
    program = [
        _instruction(_LOAD, _MACHINE),
        _instruction(_EQUAL, name, 1, 0),
        _instruction(_GIVE, _KILL),
        _instruction(_LOAD, _NUMBER),
        # The x32 calls, which have numbers of their own.
        _instruction(_AT_LEAST, 0x40000000, 0, 1),
        _instruction(_GIVE, _KILL),
    ]
    for number in filter(None, (row[column] for row in REFUSED.values())):
        program += [_instruction(_EQUAL, number, 0, 1), _instruction(_GIVE, _REFUSE_WITH_EPERM)]
    program += [
        _instruction(_EQUAL, _FCNTL[column], 0, 2 * len(_SIGNALLING) + 1),
        _instruction(_LOAD, _SECOND_ARGUMENT),
    ]
    for asked in _SIGNALLING:
        program += [_instruction(_EQUAL, asked, 0, 1), _instruction(_GIVE, _REFUSE_WITH_EPERM)]
    return b"".join([*program, _instruction(_GIVE, _ALLOW)])


def _instruction(code: int, value: int, then: int = 0, otherwise: int = 0) -> bytes:
    """One instruction; `then` and `otherwise` say how many to leap over."""
    order = sys.byteorder
    return code.to_bytes(2, order) + bytes((then, otherwise)) + value.to_bytes(4, order)
