# A throw-away Courier IMAP 5.0. Its socket and its list of users have places that are compiled in: folders of our own
# are mounted over them, which only its own mount namespace sees.
# In: DIR (its folder), PORT, PACKAGES (where the packages are unpacked), USERS; the password is "pw".
mkdir "$DIR/packages"
mount --bind "$PACKAGES" "$DIR/packages" # the owner of the mail must find it
mkdir -p "$DIR/etc/shared" "$DIR/run/authdaemon" "$DIR/home"
touch "$DIR/etc/shared/index"
cat >"$DIR/etc/authdaemonrc" <<END
authmodulelist="authuserdb"
authmodulelistorig="authuserdb"
daemons=2
authdaemonvar=/run/courier/authdaemon
END
for user in $USERS; do
    mkdir "$DIR/home/$user"
    maildirmake "$DIR/home/$user/Maildir"
    printf '%s\tuid=65534|gid=65534|home=%s|shell=/bin/false|imappw=%s\n' \
        "$user" "$DIR/home/$user" '$1$abcdefgh$IQtUouv7y7Q9dRWkQEPCc.' >>"$DIR/etc/userdb"
done
chmod 600 "$DIR/etc/userdb"
chown -R nobody:nogroup "$DIR/home"
chown -R courier "$DIR/run"
mkdir -p /run/courier
mount --bind "$DIR/etc" /etc/courier
mount --bind "$DIR/run" /run/courier
makeuserdb
/usr/lib/courier/courier-authlib/authdaemond </dev/null &
export IMAP_CAPABILITY="IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT QUOTA IDLE"
export IMAP_KEYWORDS=1 IMAP_ACL=0 IMAP_USELOCKS=1 IMAP_MAILBOX_SANITY_CHECK=1 IMAP_IDLE_TIMEOUT=60
export IMAP_TRASHFOLDERNAME=Trash IMAP_SHAREDINDEXFILE=/etc/courier/shared/index
exec couriertcpd -address=127.0.0.1 -maxprocs=40 -maxperip=20 -nodnslookup -noidentlookup "$PORT" \
    "$DIR/packages/usr/lib/courier/courier/imaplogin" "$DIR/packages/usr/bin/imapd" Maildir </dev/null
