# A throw-away GNU mailutils imap4d. It knows the users of the system: a list with ours, and a spool for
# INBOX, are mounted over the system's, which only its own mount namespace sees.
# In: DIR (its folder), PORT, USERS; the password is "pw".
cp /etc/passwd /etc/shadow "$DIR/"
for user in $USERS; do
    mkdir -p "$DIR/home/$user/mail"
    echo "$user:x:65534:65534::$DIR/home/$user:/bin/false" >>"$DIR/passwd"
    echo "$user:"'$6$abcdefgh$KQeXafAQAaOoKTevphVU215RvJdgzyfASRasIOuh12hO8u0r1bGW92ZnTmC9IjsiQ8VPiTXBiZF49dFL1U4wX/'":19000:0:99999:7:::" >>"$DIR/shadow"
done
mkdir "$DIR/spool"
chown -R nobody:nogroup "$DIR/home" "$DIR/spool"
mount --bind "$DIR/spool" /var/mail
mount --bind "$DIR/passwd" /etc/passwd
mount --bind "$DIR/shadow" /etc/shadow
cat >"$DIR/imap4d.conf" <<END
auth {
  authentication generic:system;
  authorization system;
};
mailbox {
  mailbox-type maildir;
};
namespace personal {
  prefix "" {
    directory "\$home/mail";
    delimiter "/";
  };
};
server 127.0.0.1:$PORT {
};
max-children 40;
logging {
  syslog no;
};
END
exec imap4d --config-file="$DIR/imap4d.conf" --daemon --foreground
