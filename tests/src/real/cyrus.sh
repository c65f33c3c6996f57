# A throw-away Cyrus IMAP 3.6 that runs from unpacked packages; any user, any password.
# In: DIR (its folder), PORT, PACKAGES (where the packages are unpacked).
mkdir "$DIR/packages"
mount --bind "$PACKAGES" "$DIR/packages" # the owner of the mail must find it
bin=$DIR/packages/usr/lib/cyrus/bin
export LD_LIBRARY_PATH=$DIR/packages/usr/lib/$(uname -m)-linux-gnu
mkdir "$DIR/conf" "$DIR/spool"
cat >"$DIR/imapd.conf" <<END
cyrus_user: nobody
servername: localhost
configdirectory: $DIR/conf
defaultpartition: default
partition-default: $DIR/spool
allowplaintext: yes
sasl_pwcheck_method: alwaystrue
sasl_mech_list: PLAIN LOGIN
failedloginpause: 0
imapidlepoll: 1
autocreate_quota: 0
END
cat >"$DIR/cyrus.conf" <<END
START {
  recover cmd="$bin/ctl_cyrusdb -C $DIR/imapd.conf -r"
}
SERVICES {
  imap cmd="$bin/imapd -C $DIR/imapd.conf" listen="127.0.0.1:$PORT" prefork=0
}
EVENTS {
}
END
chown -R nobody "$DIR/conf" "$DIR/spool"
chown nobody "$DIR"
exec "$bin/master" -C "$DIR/imapd.conf" -M "$DIR/cyrus.conf" -p "$DIR/master.pid" -D
