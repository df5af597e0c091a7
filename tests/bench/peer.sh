# shellcheck shell=bash
# Beside LibreSignage, a content server in PHP: the question that its screens ask again and again is
# "what is in my queue?", as ours ask for their manifest. It is no Debian package: measured when
# LIBRESIGNAGE names a copy of its source (version 1.1.0), with Debian's php-fpm,
# php-symfony-http-foundation, php-json-schema and nginx, and its rate limit lifted. bench.sh
# sources it.

# Debian's classes instead of composer's folder, and the settings that its installer would write.
peer_install() {
    peer_root=$work/peer
    mkdir -p "$peer_root/log" "$peer_root/dist"
    cp -r "$LIBRESIGNAGE/src/." "$peer_root/dist/"
    mkdir -p "$peer_root/dist/vendor"
    cat >"$peer_root/dist/vendor/autoload.php" <<'END'
<?php
require '/usr/share/php/Symfony/Component/HttpFoundation/autoload.php';
require '/usr/share/php/JsonSchema/autoload.php';
spl_autoload_register(function ($class) {
    $folders = ['libresignage\\common\\php\\' => '/common/php/',
                'libresignage\\api\\endpoint\\' => '/public/api/endpoint/',
                'libresignage\\api\\' => '/api/'];
    foreach ($folders as $prefix => $folder) {
        if (strncmp($class, $prefix, strlen($prefix)) !== 0) continue;
        $file = __DIR__ . '/..' . $folder .
            str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';
        if (is_file($file)) { require_once $file; return; }
    }
});
END
    sed -i "s/'limit' => 500/'limit' => 1000000000/" "$peer_root/dist/config/quota/00-default.php"
    sed -i "s#/var/log/libresignage#$peer_root/log#; s/\"0.0.0\"/\"v1.1.0\"/" \
        "$peer_root/dist/config/conf/00-default.php"
    (cd "$peer_root" && php "$LIBRESIGNAGE/build/scripts/gen_migration_index.php") \
        >"$peer_root/index.log" 2>&1 || fail "LibreSignage : $(tail -n 1 "$peer_root/index.log")"
}

peer_start() {
    local fpm=/usr/sbin/php-fpm8.2 as_root=()
    peer_url=http://127.0.0.1:$(free_port)
    [ "$(id -u)" -eq 0 ] && as_root=(--allow-to-run-as-root)
    cat >"$peer_root/fpm.conf" <<END
[global]
error_log = $peer_root/fpm.log
daemonize = no
[www]
listen = $peer_root/fpm.sock
pm = static
pm.max_children = 4
php_admin_value[error_log] = $peer_root/php.log
END
    [ "$(id -u)" -eq 0 ] && printf 'user = root\ngroup = root\n' >>"$peer_root/fpm.conf"
    "$fpm" "${as_root[@]}" -y "$peer_root/fpm.conf" >/dev/null 2>&1 &
    peer_fpm=$!
    started+=("$peer_fpm")
    local user=
    [ "$(id -u)" -eq 0 ] && user="user root;"
    chmod 711 "$work"
    cat >"$peer_root/nginx.conf" <<END
$user
worker_processes 1;
daemon off;
pid $peer_root/pid;
error_log $peer_root/nginx.log;
events { worker_connections 1024; }
http {
    access_log off;
    keepalive_requests 1000000000;
    client_body_temp_path $peer_root/t1;
    proxy_temp_path $peer_root/t2;
    fastcgi_temp_path $peer_root/t3;
    uwsgi_temp_path $peer_root/t4;
    scgi_temp_path $peer_root/t5;
    server {
        listen ${peer_url#http://};
        root $peer_root/dist/public;
        location ~ \.php$ {
            include /etc/nginx/fastcgi_params;
            fastcgi_param SCRIPT_FILENAME \$document_root\$fastcgi_script_name;
            fastcgi_pass unix:$peer_root/fpm.sock;
        }
    }
}
END
    PATH=$PATH:/usr/sbin nginx -e "$peer_root/nginx.log" -p "$peer_root" \
        -c "$peer_root/nginx.conf" 2>"$peer_root/start.log" &
    peer_nginx=$!
    started+=("$peer_nginx")
    sleep 1
}

bench_peer() {
    if [ ! -f "${LIBRESIGNAGE:-}/src/common/php/Config.php" ] || [ ! -x /usr/sbin/php-fpm8.2 ]; then
        say "  LibreSignage n’est pas là (LIBRESIGNAGE=dossier, php-fpm) : comparaison laissée"
        return
    fi
    need_site
    need_bearer
    peer_install
    peer_start
    local token round own load_connections=8
    token=$(curl -s -X POST -H 'Content-Type: application/json' \
        -d '{"username":"admin","password":"admin","who":"bench","permanent":true}' \
        "$peer_url/api/endpoint/auth/auth_login.php" | jq -r .token)
    [ ${#token} -gt 10 ] || fail "LibreSignage n’ouvre pas de session"
    own=$site_url/player/v1/manifest
    for ((round = 0; round < HTTP_ROUNDS; round++)); do
        say "  tour $((round + 1)) sur $HTTP_ROUNDS"
        # php-fpm's workers are children of its master: the processor time of all counts.
        load peer "$peer_nginx $peer_fpm" 200 \
            "$peer_url/api/endpoint/queue/queue_get.php?name=default" -H "Auth-Token: $token"
        load peer_own "$site_pid" 200 "$own" -H "$bearer" -H "$manifest_parts"
    done
    end "$peer_nginx"
    end "$peer_fpm"
    http_rows peer "LibreSignage, lecture d’une file"
    http_rows peer_own "manifeste entier (200)"
}
