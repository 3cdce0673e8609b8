while IFS= read -r l; do [ -z "$l" ] && continue; echo "=================== $l"; ./run.sh "$l"; done < ex.txt
