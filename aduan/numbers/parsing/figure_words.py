"""Words that say what a figure beside a number is: its unit behind it, or its label in front of it.

Each class of words has one letter, with which `figures` writes down the shape of a text.
"""

from __future__ import annotations

from typing import Final

WORD, UNIT, MONTH, ZONE, TIMES, OPENS_TIME = "WUMZXB"
CURRENCY, SECRET, IDENTITY, REFERENCE, PLACE = "CKIRP"

_MONEY: Final = (
    "rb ribu rbu rebu ewu yuta jt juta jta milyar miliar m k rupiah persen dolar dollar dollars usdt"
)
_SINCE: Final = "sejak since"
_RANKS: Final = (
    "ke ping kaping part bag bagian kartu seluler ponsel gsm hp hape wa telp tlp telpon v urutan ranking"
    " level"
)
_WORDS: Final[dict[str, tuple[str, ...]]] = {
    PLACE: (
        "rt rw blok block no nomor umur usia lantai lt kamar gang gg kav sim kuota ext psw pes slot",
        "kelas kolom versi halaman hal ronde batch tahap km rating juara peringkat gol tower kec kel",
        _RANKS,
    ),
    REFERENCE: (
        "resi awb order orderan pesanan invoice inv ref reff referensi tiket ticket sn trx transaksi faktur",
        "polis imei id idpel pelanggan nota struk rek rekening norek rekg",
    ),
    SECRET: ("pin kode code otp token password pass sandi",),
    IDENTITY: ("nik ktp kk npwp paspor passport nip",),
    CURRENCY: (
        "rp idr usd sebesar sejumlah senilai nominal harga isi pulsa saldo modal depo deposit wd gaji bonus",
    ),
    UNIT: (
        _MONEY,
        "kali panggilan pgl panggil missed misscall misscalled miscall miscalls missedcall calls",
        "pesan message messages msg msgs notif notifikasi unread org orang gb mb kg cm meter unit pcs",
        "jutaan ribuan miliaran korban anak digit angka",
        "lembar lbr ekor buah biji pax paket pkt karung dus akun nasabah anggota member members peserta",
        "foto video chat komentar percobaan attempts times",
        "menit mnt mnit min mins minute minutes detik dtk det sec secs second seconds hari hr hrs hour hours",
        "bintang star stars laporan report reports aduan ulasan review reviews",
        "lagi lain lainnya more others spam tag tags koin coin poin point points",
        "likes viewer followers pagi siang sore malam subuh",
        "ari dinten dina dino poe wengi wulan sasih taun balik",
        "minggu mgg bulan bln tahun thn th day days week weeks month months year years",
    ),
    OPENS_TIME: ("jam pukul pkl pk tgl tanggal tggl at", _SINCE),
    MONTH: (
        "jan januari january feb februari february mar maret march apr april mei may jun juni june jul juli",
        "july agu agt agustus aug august sep sept september okt oktober oct october nov november",
        "des desember dec december",
    ),
    ZONE: ("wib wita wit am pm",),
    TIMES: ("x",),
}
CLASS_OF: Final = {
    word: letter for letter, lines in _WORDS.items() for line in lines for word in line.split()
}
RANKS: Final = frozenset(_RANKS.split())  # what has a number of one or two digits behind it
SINCE: Final = frozenset(_SINCE.split())
MONEY: Final = frozenset(_MONEY.split())
YEARS: Final = frozenset(("tahun", "thn", "th", "year"))  # a year may follow: "tahun 2025"
